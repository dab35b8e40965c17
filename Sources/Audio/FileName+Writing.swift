public import Foundation

/// Writing to names that need not be UTF-8, which Foundation cannot.
extension FileName {
    /// Makes a folder and those above it; one that is there already stays.
    ///
    /// - Throws: a `POSIXError`.
    public static func createDirectory(_ path: String) throws {
        var path = path[...]
        while path.count > 1, path.last == "/" { path = path.dropLast() }
        if withPath(String(path), { mkdir($0, 0o777) }) == 0 { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try createDirectory(String(path[..<slash]))
            if withPath(String(path), { mkdir($0, 0o777) }) == 0 { return }
        }
        let code = errno
        var status = stat()
        guard code == EEXIST || code == EISDIR, withPath(String(path), { stat($0, &status) }) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else { throw error(code) }
    }

    /// Writes a file whole or not at all: under another name first, which then replaces what was there. Devices and pipes,
    /// such as `/dev/null`, are written to and stay what they are.
    ///
    /// - Throws: a `POSIXError`.
    public static func write(_ data: Data, to path: String) throws {
        if isDevice(path) {
            let descriptor = withPath(path) { open($0, O_WRONLY | O_CLOEXEC) }
            guard descriptor >= 0 else { throw error(errno) }
            return try check(fill(descriptor, with: data))
        }
        let draft = "\(path).\(UUID().uuidString.prefix(8)).part"
        let descriptor = withPath(draft) { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else { throw error(errno) }
        var code = fill(descriptor, with: data)
        if code == 0 {
            let isMoved = withPath(draft) { from in withPath(path) { rename(from, $0) } }
            if isMoved == 0 { return }
            code = errno
        }
        _ = withPath(draft) { unlink($0) }
        throw error(code)
    }

    /// Whether something is there that is neither a file nor a folder.
    private static func isDevice(_ path: String) -> Bool {
        var status = stat()
        guard withPath(path, { stat($0, &status) }) == 0 else { return false }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Writes all of it and closes the descriptor.
    ///
    /// - Returns: the number of the error, 0 for none.
    private static func fill(_ descriptor: Int32, with data: Data) -> Int32 {
        var code: Int32 = 0
        data.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    code = errno
                    return
                }
                offset += count
            }
        }
        if close(descriptor) != 0, code == 0 { code = errno }
        return code
    }

    private static func check(_ code: Int32) throws {
        if code != 0 { throw error(code) }
    }

    private static func error(_ code: Int32) -> POSIXError {
        POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
    }
}
