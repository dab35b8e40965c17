import Crypto
import Foundation
import Models

/// A hub's repository with a small model in it, as a server's files.
struct HubRepository {
    static let name = "someone/faster-whisper-small"
    static let list = "/api/models/\(name)/tree/main"
    static let weights = address(of: "model.bin")

    /// The files of the model: the weights are large enough to arrive in several pieces.
    let files = [
        "model.bin": noise(bytes: 300_000), "config.json": Data("{}".utf8), "tokenizer.json": noise(bytes: 5_000),
        "vocabulary.txt": Data("a\nb\n".utf8),
    ]

    static func address(of file: String) -> String { "/\(name)/resolve/main/\(file)" }

    /// What the server serves: the hub's list of files, the weights first, and the files, one of them of no use.
    func served() throws -> [String: Data] {
        var served = ["/\(Self.name)/resolve/main/README.md": Data("# Read me".utf8)]
        var entries: [[String: Any]] = [["type": "directory", "path": "images", "oid": "00", "size": 0]]
        entries.append(["type": "file", "path": "README.md", "oid": "00", "size": 9])
        for (name, content) in files.sorted(by: { $0.value.count > $1.value.count }) {
            served[Self.address(of: name)] = content
            var entry: [String: Any] = ["type": "file", "path": name, "size": content.count, "oid": gitBlob(content)]
            if name == "model.bin" { entry["lfs"] = ["oid": sha256(content), "size": content.count] as [String: Any] }
            entries.append(entry)
        }
        served[Self.list] = try JSONSerialization.data(withJSONObject: entries)
        return served
    }

    private func gitBlob(_ content: Data) -> String {
        var hasher = Insecure.SHA1()
        hasher.update(data: Data("blob \(content.count)\0".utf8))
        hasher.update(data: content)
        return hexadecimal(hasher.finalize())
    }
}

func sha256(_ content: Data) -> String { hexadecimal(SHA256.hash(data: content)) }

func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { String(format: "%02x", $0) }.joined()
}

/// Bytes that do not repeat, the same in every run.
func noise(bytes count: Int) -> Data {
    var state: UInt32 = 1
    return Data(
        (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        })
}

/// An empty store that is removed after the body.
func withStore(_ body: (ModelStore) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sori-models-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(ModelStore(directory: folder))
}

/// A puller that asks this server, and gives up after so many failures in a row without waiting long in between.
func puller(into store: ModelStore, from address: String, retries: Int = 3) -> ModelPuller {
    var configuration = ModelPuller.Configuration()
    configuration.hubURL = address
    configuration.hubToken = nil
    configuration.retries = RetryPolicy(limit: retries, firstPause: 0.01)
    return ModelPuller(into: store, configuration: configuration)
}

extension LoopbackServer {
    /// Hangs up when a pull reports exactly so many bytes of the weights, its first file.
    func hangUp(on event: PullEvent, at bytes: Int...) {
        if case .progress("model.bin", let done, _) = event, bytes.contains(done) { hangUp() }
    }
}

/// The files in a folder, by name.
func contents(of folder: URL) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: folder.appending(path: $0))) })
}
