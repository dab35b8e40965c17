import Foundation

/// A file that was opened for reading, or a clear word on why not.
struct InputFile {
    let handle: FileHandle
    /// Whether the content comes through a pipe, where one cannot seek.
    let isPipe: Bool
    private let name: String

    init(_ path: String) throws {
        let name = FileName.shown(path)
        // Opening a named pipe must not wait for a writer; files do not mind.
        let descriptor = FileName.withPath(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw Self.error(name, errno) }
        try self.init(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true), name: name)
        guard isPipe || FileBytes(handle).count > 0 else { throw AudioError.empty(name) }
    }

    /// Takes a descriptor that is open already.
    init(_ handle: FileHandle, name: String) throws {
        self.handle = handle
        self.name = name
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0 else { throw Self.error(name, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: isPipe = false
        case S_IFIFO, S_IFSOCK: isPipe = true
        case S_IFDIR:
            throw AudioError(.notAFile, "\(name) is a directory; name the files in it")
        default:
            guard isatty(handle.fileDescriptor) != 0 else {
                throw AudioError(.notAFile, "\(name) is a device, not a recording; give a file")
            }
            throw AudioError(.notAFile, "\(name) is the keyboard; pipe a recording into it, or name a file")
        }
    }

    /// Everything up to the end.
    func readAll() throws -> Data {
        try DescriptorReader(handle, name: name).all()
    }

    private static func error(_ name: String, _ code: Int32) -> AudioError {
        switch code {
        case ENOENT, ENOTDIR:
            AudioError(.fileNotFound, "\(name): no such file; check the spelling of the path")
        case EACCES, EPERM:
            AudioError(.notReadable, "\(name) must not be read; allow it with `chmod +r` or run as its owner")
        default:
            AudioError(.notReadable, "\(name) cannot be opened (\(String(cString: strerror(code)))); try again")
        }
    }
}

/// A file of our own that disappears with the last reference to it.
final class TemporaryFile {
    let path: String

    init(_ content: Data = Data()) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "sori-\(UUID().uuidString)")
        path = file.path
        guard
            FileManager.default.createFile(
                atPath: path, contents: content, attributes: [.posixPermissions: 0o600])
        else {
            throw AudioError(
                .conversionFailed,
                "no temporary file can be written in \(file.deletingLastPathComponent().path); "
                    + "make room there or set TMPDIR to another directory")
        }
    }

    /// Appends bytes, and then a range of a store.
    func write(_ header: [UInt8], then store: any ByteStore, _ range: Range<Int>) throws {
        do {
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.write(contentsOf: header)
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
                try Task.checkCancellation()
                try file.write(contentsOf: store.bytes(start..<min(start + (1 << 20), range.upperBound)))
            }
            try file.close()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw AudioError(
                .conversionFailed, "\(path) cannot be written; make room there or set TMPDIR to another directory",
                cause: error)
        }
    }

    deinit {
        unlink(path)
    }
}
