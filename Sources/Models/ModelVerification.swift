import Foundation

/// How one file compares with what was pulled.
public struct FileVerdict: Sendable, Hashable {
    /// The outcomes.
    public enum Outcome: Sendable, Hashable {
        /// The file is what was pulled.
        case good
        /// The file is gone.
        case missing
        /// The file has another size, in bytes.
        case wrongSize(Int)
        /// The file has another content.
        case wrongContent
    }

    /// The file's name.
    public let name: String
    /// How it compares.
    public let outcome: Outcome
}

extension ModelStore {
    /// Compares a model's files with the checksums that were written down when it was pulled.
    ///
    /// - Throws: ``ModelsError/Code/notInstalled`` if there is no such model, or it was put there by hand.
    public func verify(_ name: String) throws -> [FileVerdict] {
        let name = try ModelCatalog.find(name).name
        let folder = folder(of: name)
        guard let record = ModelRecord(in: folder) else {
            throw ModelsError(
                .notInstalled,
                model(named: name) == nil
                    ? "the model '\(name)' is not on this machine: get it with `sori models pull \(name)`"
                    : "'\(name)' has no \(ModelRecord.fileName) to compare with: "
                        + "get it again with `sori models pull --force \(name)`")
        }
        return try record.files.map { file in
            FileVerdict(name: file.name, outcome: try outcome(of: file, in: folder))
        }
    }

    private func outcome(of file: ModelRecord.File, in folder: URL) throws -> FileVerdict.Outcome {
        let url = folder.appending(path: file.name)
        guard let size = Disk.size(of: url) else { return .missing }
        guard size == file.bytes else { return .wrongSize(size) }
        var hasher = ContentHasher()
        do {
            try hasher.update(contentsOf: url)
        } catch {
            throw ModelsError(.fileFailed, "cannot read \(url.path): \(error.localizedDescription)", cause: error)
        }
        return hasher.matches(.sha256(file.sha256)) ? .good : .wrongContent
    }
}
