import Foundation

/// The part of a file that has arrived.
struct PartialFile {
    private let file: RemoteFile
    private let target: URL
    private let part: URL

    init(_ file: RemoteFile, in folder: URL) {
        self.file = file
        target = folder.appending(path: file.name)
        part = folder.appending(path: "\(file.name).\(file.digest.hexadecimal.prefix(16)).part")
    }

    /// How many bytes have arrived.
    var bytes: Int { Disk.size(of: part) ?? 0 }

    /// The record of the file if an earlier run has finished it.
    func finished() throws -> ModelRecord.File? {
        guard Disk.size(of: target) == file.bytes else { return nil }
        let hasher = try hash(target)
        guard hasher.matches(file.digest) else { return nil }
        return ModelRecord.File(name: file.name, bytes: hasher.bytes, sha256: hasher.sha256Digits)
    }

    /// Opens what has arrived, to go on after it.
    func open() throws -> Writer {
        if bytes > file.bytes { try Disk.remove(part) }
        do {
            if Disk.size(of: part) == nil { try Data().write(to: part) }
            return try Writer(handle: FileHandle(forUpdating: part), part: part, limit: file.bytes)
        } catch {
            throw Disk.failure(error, at: part)
        }
    }

    /// Checks what has arrived and gives it its name. A wrong file is removed.
    func finish() throws -> ModelRecord.File {
        let hasher = try hash(part)
        guard hasher.matches(file.digest) else {
            try Disk.remove(part)
            throw ModelsError(
                .badChecksum,
                "\(file.address): wrong checksum, the file is removed: run the same command again to fetch it anew")
        }
        do {
            try Disk.replace(target, with: part)
        } catch {
            throw Disk.failure(error, at: target)
        }
        return ModelRecord.File(name: file.name, bytes: hasher.bytes, sha256: hasher.sha256Digits)
    }

    private func hash(_ url: URL) throws -> ContentHasher {
        var hasher =
            switch file.digest {
            case .sha256: ContentHasher()
            case .gitBlob: ContentHasher(gitBlobOf: file.bytes)
            }
        do {
            try hasher.update(contentsOf: url)
        } catch {
            throw Disk.failure(error, at: url)
        }
        return hasher
    }

    /// Writes at the end of what has arrived.
    struct Writer {
        private let handle: FileHandle
        private let part: URL
        private let limit: Int
        private(set) var bytes: Int

        init(handle: FileHandle, part: URL, limit: Int) throws {
            self.handle = handle
            self.part = part
            self.limit = limit
            bytes = Int(try handle.seekToEnd())
        }

        mutating func write(_ data: Data) throws {
            guard bytes + data.count <= limit else {
                throw ModelsError(
                    .badAnswer, "the server sends more for \(part.lastPathComponent) than it announced: try again later"
                )
            }
            do {
                try handle.write(contentsOf: data)
            } catch {
                throw Disk.failure(error, at: part)
            }
            bytes += data.count
        }

        /// Forgets what had arrived.
        mutating func restart() throws {
            guard bytes > 0 else { return }
            do {
                try handle.truncate(atOffset: 0)
            } catch {
                throw Disk.failure(error, at: part)
            }
            bytes = 0
        }

        func close() {
            try? handle.close()
        }
    }
}
