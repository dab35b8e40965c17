import CSndFile
import Foundation

/// The content of a recording, any part of which can be read.
protocol ByteStore: AnyObject {
    /// How many bytes there are.
    var count: Int { get }
    /// Copies what lies from an offset on, and returns how many bytes there were: fewer at the end, or on an error.
    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int
}

extension ByteStore {
    /// The bytes of a range, as far as there are any.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<count)
        return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            filled = read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Where a pattern stands first at or behind an offset.
    func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
        let size = 1 << 20
        for offset in stride(from: start, to: count, by: size) {
            guard !Task.isCancelled else { return nil }
            let block = Data(bytes(offset..<(offset + size + pattern.count - 1)))
            if let found = block.range(of: Data(pattern)) { return offset + found.lowerBound }
        }
        return nil
    }
}

/// A file that can be read at any place.
final class FileBytes: ByteStore {
    let count: Int
    private let handle: FileHandle

    init(_ handle: FileHandle) {
        self.handle = handle
        var status = stat()
        count = fstat(handle.fileDescriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
        var total = 0
        while total < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[total...])
            let found = pread(handle.fileDescriptor, rest.baseAddress, rest.count, off_t(offset + total))
            if found < 0, errno == EINTR { continue }
            guard found > 0 else { break }
            total += found
        }
        return total
    }
}

/// Content in memory.
final class MemoryBytes: ByteStore {
    private let data: Data

    init(_ data: Data) {
        self.data = data
    }

    var count: Int { data.count }

    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
        let start = data.startIndex + min(offset, data.count)
        return data[start...].copyBytes(to: target)
    }
}

/// A sound file for libsndfile to read: a range of a store, with a header of ours in front where the file's own is damaged.
final class VirtualFile {
    private let header: [UInt8]
    private let store: any ByteStore
    private let range: Range<Int>
    private var position = 0

    init(_ store: any ByteStore, _ range: Range<Int>, header: [UInt8] = []) {
        self.store = store
        self.range = range.clamped(to: 0..<store.count)
        self.header = header
    }

    static var callbacks: SF_VIRTUAL_IO {
        SF_VIRTUAL_IO(
            get_filelen: { sf_count_t(VirtualFile.from($0)?.length ?? 0) },
            seek: { offset, origin, context in VirtualFile.from(context)?.seek(Int(offset), origin) ?? -1 },
            read: { target, count, context in VirtualFile.from(context)?.read(target, Int(count)) ?? 0 },
            write: { _, _, _ in 0 },
            tell: { sf_count_t(VirtualFile.from($0)?.position ?? 0) })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> VirtualFile? {
        context.map { Unmanaged<VirtualFile>.fromOpaque($0).takeUnretainedValue() }
    }

    private var length: Int { header.count + range.count }

    private func seek(_ offset: Int, _ origin: Int32) -> sf_count_t {
        let base =
            switch origin {
            case SEEK_CUR: position
            case SEEK_END: length
            default: 0
            }
        // Damaged headers ask for places far outside.
        position = min(max(base.addingReportingOverflow(offset).partialValue, 0), length)
        return sf_count_t(position)
    }

    private func read(_ target: UnsafeMutableRawPointer?, _ count: Int) -> sf_count_t {
        let count = min(max(count, 0), length - position)
        guard let target, count > 0 else { return 0 }
        let ofHeader = min(max(header.count - position, 0), count)
        if ofHeader > 0 {
            let part = UnsafeMutableRawBufferPointer(start: target, count: ofHeader)
            part.copyBytes(from: header[position..<(position + ofHeader)])
        }
        var found = ofHeader
        if count > ofHeader {
            let rest = UnsafeMutableRawBufferPointer(start: target + ofHeader, count: count - ofHeader)
            found += store.read(at: range.lowerBound + position + ofHeader - header.count, into: rest)
        }
        position += found
        return sf_count_t(found)
    }
}
