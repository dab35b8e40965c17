import CSndFile
import Foundation

/// A sound file open for reading through libsndfile, recognised by its content.
final class SoundFile {
    let sampleRate: Double
    let channels: Int
    /// Number of frames (one sample of every channel) that the header promises, where it does.
    let frames: Int?

    private let sndfile: OpaquePointer
    /// What libsndfile reads from, if that is ours; it must live as long.
    private let source: MemoryFile?

    /// Opens a file, or returns `nil` when libsndfile cannot read its format.
    convenience init?(_ handle: FileHandle) {
        // libsndfile closes the descriptor when it fails, even if asked not to; so it gets one of its own.
        let descriptor = dup(handle.fileDescriptor)
        guard descriptor >= 0 else { return nil }
        var info = SF_INFO()
        self.init(sf_open_fd(descriptor, Int32(SFM_READ), &info, Int32(SF_TRUE)), info, source: nil)
    }

    /// Opens a file's content in memory, or returns `nil` when libsndfile cannot read its format.
    convenience init?(_ memory: MemoryFile) {
        var info = SF_INFO()
        var callbacks = MemoryFile.callbacks
        let context = Unmanaged.passUnretained(memory).toOpaque()
        self.init(sf_open_virtual(&callbacks, Int32(SFM_READ), &info, context), info, source: memory)
    }

    private init?(_ sndfile: OpaquePointer?, _ info: SF_INFO, source: MemoryFile?) {
        guard let sndfile else { return nil }
        self.sndfile = sndfile
        self.source = source
        sampleRate = Double(info.samplerate)
        channels = Int(info.channels)
        // A stream of unknown length has as many frames as its format can count.
        frames = info.seekable != 0 && (0..<Int64.max).contains(info.frames) ? Int(info.frames) : nil
    }

    deinit {
        sf_close(sndfile)
    }

    /// Fills the buffer with interleaved frames and returns how many there were: 0 at the end, or where the file is
    /// too damaged to go on.
    func read(into buffer: inout [Float]) -> Int {
        Int(sf_readf_float(sndfile, &buffer, Int64(buffer.count / channels)))
    }

    /// What libsndfile found wrong while reading.
    var complaint: String? {
        sf_error(sndfile) == 0 ? nil : String(cString: sf_strerror(sndfile)).trimmingCharacters(in: .whitespaces)
    }
}

/// A file's content in memory, with the callbacks through which libsndfile reads it.
final class MemoryFile {
    private let data: Data
    private var position = 0

    init(_ data: Data) {
        self.data = data
    }

    static var callbacks: SF_VIRTUAL_IO {
        SF_VIRTUAL_IO(
            get_filelen: { sf_count_t(MemoryFile.from($0)?.data.count ?? 0) },
            seek: { offset, origin, context in MemoryFile.from(context)?.seek(Int(offset), origin) ?? -1 },
            read: { target, count, context in MemoryFile.from(context)?.read(target, Int(count)) ?? 0 },
            write: { _, _, _ in 0 },
            tell: { sf_count_t(MemoryFile.from($0)?.position ?? 0) })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> MemoryFile? {
        context.map { Unmanaged<MemoryFile>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int, _ origin: Int32) -> sf_count_t {
        let base =
            switch origin {
            case SEEK_CUR: position
            case SEEK_END: data.count
            default: 0
            }
        // Damaged headers ask for places far outside.
        position = min(max(base.addingReportingOverflow(offset).partialValue, 0), data.count)
        return sf_count_t(position)
    }

    private func read(_ target: UnsafeMutableRawPointer?, _ count: Int) -> sf_count_t {
        let count = min(max(count, 0), data.count - position)
        guard let target, count > 0 else { return 0 }
        let start = data.startIndex + position
        data.copyBytes(to: target.assumingMemoryBound(to: UInt8.self), from: start..<(start + count))
        position += count
        return sf_count_t(count)
    }
}
