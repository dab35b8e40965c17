import Audio
import Foundation
import Testing

/// The corpus that may lie beside the repository.
private let corpus = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/speech").standardizedFileURL

private struct Recording: Decodable, CustomTestStringConvertible {
    let path: String
    let seconds: Double

    var testDescription: String { path }
}

@Suite(.enabled(if: FileManager.default.fileExists(atPath: corpus.appending(path: "manifest.jsonl").path)))
struct SpeechCorpusTests {
    @Test func everyRecordingIsAsLongAsTheManifestSays() throws {
        let lines = try String(contentsOf: corpus.appending(path: "manifest.jsonl"), encoding: .utf8)
            .split(whereSeparator: \.isNewline)
        let recordings = try lines.map { try JSONDecoder().decode(Recording.self, from: Data($0.utf8)) }
        #expect(!recordings.isEmpty)
        for recording in recordings {
            let clip = try AudioFile.read(corpus.appending(path: recording.path).path)
            #expect(abs(clip.duration - recording.seconds) <= 0.01, "\(recording.path)")
            #expect(clip.warnings == [], "\(recording.path)")
            #expect(AudioLevel(clip.samples).peak > 0.001, "\(recording.path) is silent")
        }
    }
}
