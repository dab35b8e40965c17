import Audio
import Foundation
import Scoring

/// A recording that `scripts/setup` fetches, with what is said in it.
struct TestRecording: Sendable {
    let samples: [Float]
    let text: String

    /// Whether the recordings and the base model are on this machine.
    static var isReady: Bool {
        InstalledModels.has("base")
            && FileManager.default.fileExists(atPath: folder.appending(path: "manifest.jsonl").path)
    }

    /// Reads the recording with this name.
    init(_ name: String) throws {
        struct Line: Decodable {
            var path: String
            var text: String
        }
        let manifest = try String(contentsOf: Self.folder.appending(path: "manifest.jsonl"), encoding: .utf8)
        let lines = try manifest.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        guard let line = lines.first(where: { $0.path == name + ".wav" }) else { throw CocoaError(.fileNoSuchFile) }
        samples = try AudioFile.read(Self.folder.appending(path: line.path).path).samples
        text = line.text
    }

    /// Wrong words as a part of those that were said.
    func errorRate(of text: String) -> Double {
        ErrorRate.words(reference: self.text, hypothesis: text, language: "en").rate
    }

    private static let folder: URL = {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
        return URL(filePath: environment["SORI_HOME"] ?? data + "/sori").appending(path: "test-audio")
    }()
}

/// The Python environment that `scripts/setup test` makes.
enum ReferencePython {
    /// `nil` when it is not there.
    static let path = ProcessInfo.processInfo.environment["SORI_REFERENCE_PYTHON"].flatMap {
        FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
    }

    /// The root of this package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}
