import Foundation

/// A file that was opened for reading, or a clear word on why not.
struct InputFile {
    let handle: FileHandle
    /// Whether the content comes through a pipe, where one cannot seek.
    let isPipe: Bool
    private let path: String

    init(_ path: String) throws {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(path, errno) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.error(path, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            isPipe = false
            guard status.st_size > 0 else { throw AudioError.empty(path) }
        case S_IFIFO, S_IFSOCK:
            isPipe = true
        case S_IFDIR:
            throw AudioError(.notAFile, "\(path) is a directory; name the files in it")
        default:
            throw AudioError(.notAFile, "\(path) is a device, not a recording; give a file")
        }
    }

    /// Everything up to the end.
    func readAll() throws -> Data {
        do {
            return try handle.readToEnd() ?? Data()
        } catch {
            throw AudioError(.notReadable, "\(path) cannot be read to its end; try again", cause: error)
        }
    }

    private static func error(_ path: String, _ code: Int32) -> AudioError {
        switch code {
        case ENOENT, ENOTDIR:
            AudioError(.fileNotFound, "\(path): no such file; check the spelling of the path")
        case EACCES, EPERM:
            AudioError(.notReadable, "\(path) must not be read; allow it with `chmod +r` or run as its owner")
        default:
            AudioError(.notReadable, "\(path) cannot be opened (\(String(cString: strerror(code)))); try again")
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

    deinit {
        unlink(path)
    }
}
