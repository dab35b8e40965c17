#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file's bytes, mapped into memory for reading. Pages are read when they are touched.
package final class MappedFile: Sendable {
    /// Where the file is.
    package let path: String
    /// Bytes in the file.
    package let count: Int
    /// First mapped byte, 0 for an empty file. A number and not a pointer: so the class is `Sendable` by its parts alone.
    private let address: UInt

    /// Maps the file at `path`.
    package init(path: String) throws(WhisperError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw WhisperError(.badModel, "\(path) is not a regular file; give a model's file or directory")
        }
        self.path = path
        count = Int(status.st_size)
        guard count > 0 else {
            address = 0
            return
        }
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw .cannotOpen(path, errno)
        }
        address = UInt(bitPattern: base)
    }

    deinit {
        if let base = UnsafeMutableRawPointer(bitPattern: address) { munmap(base, count) }
    }

    /// Gives the pages back to the system. They are read again from the file when touched, so this is always safe.
    package func discard() {
        if let base = UnsafeMutableRawPointer(bitPattern: address) { madvise(base, count, MADV_DONTNEED) }
    }

    /// Lends `count` bytes from `offset`, which must lie in the file.
    package func withBytes<Result, Failure: Error>(
        at offset: Int, count: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(offset >= 0 && count >= 0 && count <= self.count - offset, "bytes outside of the file")
        let whole = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: self.count)
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(rebasing: whole[offset..<offset + count]))
    }

    /// Reads a little-endian number at any `offset`; `part` names what is read, should the file end before.
    package func integer<Integer: FixedWidthInteger>(
        at offset: Int, of part: String
    ) throws(WhisperError) -> Integer {
        try check(offset: offset, count: MemoryLayout<Integer>.size, in: part)
        return withBytes(at: offset, count: MemoryLayout<Integer>.size) {
            Integer(littleEndian: $0.loadUnaligned(as: Integer.self))
        }
    }

    /// Throws unless the file holds `count` bytes from `offset`.
    package func check(offset: Int, count: Int, in part: String) throws(WhisperError) {
        let missing = count - (self.count - offset)
        guard missing <= 0 else { throw .cutShort(path, missing: missing, in: part) }
    }
}

extension WhisperError {
    fileprivate static func cannotOpen(_ path: String, _ number: Int32) -> WhisperError {
        let reason = String(cString: strerror(number))
        guard number == ENOENT || number == ENOTDIR else {
            return WhisperError(.badModel, "\(path) cannot be read (\(reason)); check its permissions and its disk")
        }
        return WhisperError(.modelNotFound, "\(path) does not exist; pull the model or check the path")
    }
}
