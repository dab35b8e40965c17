import Foundation

/// What was pulled, kept as `sori-model.json` beside a model's files: `sori models verify` compares with it.
public struct ModelRecord: Codable, Sendable, Hashable {
    /// One file.
    public struct File: Codable, Sendable, Hashable {
        /// The file's name.
        public let name: String
        /// Its size.
        public let bytes: Int
        /// Its SHA-256, in hexadecimal.
        public let sha256: String

        package init(name: String, bytes: Int, sha256: String) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// The name of the record's own file.
    public static let fileName = "sori-model.json"

    /// What the model is called.
    public let name: String
    /// Where it came from, in words: `hub Systran/faster-whisper-base`.
    public let source: String
    /// Its files.
    public let files: [File]

    /// The size of all files.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    package init(name: String, source: String, files: [File]) {
        self.name = name
        self.source = source
        self.files = files
    }

    /// Reads the record in a model's folder; nil when there is none that can be read.
    init?(in folder: URL) {
        guard let data = try? Data(contentsOf: folder.appending(path: Self.fileName)),
            let record = try? JSONDecoder().decode(ModelRecord.self, from: data)
        else { return nil }
        self = record
    }

    /// Writes the record into a model's folder.
    func write(in folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: folder.appending(path: Self.fileName), options: .atomic)
    }

    /// Whether all files are there in their sizes. Cheap: nothing is read.
    func isWhole(in folder: URL) -> Bool {
        !files.isEmpty && files.allSatisfy { Disk.size(of: folder.appending(path: $0.name)) == $0.bytes }
    }
}
