import Foundation

/// What this module asks of the file system.
enum Disk {
    /// A file's size, or nil if there is no such file.
    static func size(of file: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)
        return (attributes?[.type] as? FileAttributeType) == .typeDirectory
            ? nil : (attributes?[.size] as? NSNumber)?.intValue
    }

    /// Whether there is a folder.
    static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Creates a folder, and those above it, unless it is there.
    static func createFolder(_ url: URL) throws(ModelsError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw failure(error, at: url)
        }
    }

    /// Removes a file or folder if it is there.
    static func remove(_ url: URL) throws {
        guard (try? FileManager.default.attributesOfItem(atPath: url.path)) != nil else { return }
        try FileManager.default.removeItem(at: url)
    }

    /// Puts a folder in the place of another that may be there.
    static func replace(_ folder: URL, with new: URL) throws {
        try createFolder(folder.deletingLastPathComponent())
        try remove(folder)
        try FileManager.default.moveItem(at: new, to: folder)
    }

    /// The error to show for one of Foundation's about a file.
    static func failure(_ error: any Error, at file: URL) -> ModelsError {
        if let error = error as? ModelsError { return error }
        guard isFull(error) else {
            return ModelsError(
                .fileFailed, "cannot write \(file.path): \(reason(error))", cause: error)
        }
        return ModelsError(
            .diskFull,
            "the disk is full at \(file.deletingLastPathComponent().path): "
                + "make room and run the same command again, it goes on where it stopped",
            cause: error)
    }

    private static func isFull(_ error: any Error) -> Bool {
        let error = error as NSError
        if error.domain == NSCocoaErrorDomain { return error.code == CocoaError.fileWriteOutOfSpace.rawValue }
        if error.domain == NSPOSIXErrorDomain { return error.code == Int(ENOSPC) || error.code == Int(EDQUOT) }
        return false
    }

    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        return (cause ?? error).localizedDescription
    }
}
