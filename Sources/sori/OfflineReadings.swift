import Crypto
import Foundation
import Measuring
import Models
import Recognition
import Scoring
import Whisper

/// Recordings decoded as a whole, once: what they say is kept beside the models.
struct OfflineReadings {
    /// Name of the model.
    let model: String

    /// What a recording says, from the last time or decoded now.
    func reading(
        of clip: SpeechManifest.Clip, with recognizer: () throws -> WhisperRecognizer
    ) async throws -> OfflineReading {
        if clip.language == "none" { return .silence }
        let file = place(of: clip)
        if let data = try? Data(contentsOf: file),
            let known = try? JSONDecoder().decode(OfflineReading.self, from: data)
        {
            return known
        }
        var options = DecodingOptions()
        options.language = clip.language
        options.wordTimestamps = true
        let transcript = try await recognizer().transcribe(clip.samples, options: options)
        let reading = OfflineReading(transcript, TextNormalizer(language: clip.language))
        // Without a place to keep it, it is decoded again.
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? JSONEncoder().encode(reading).write(to: file, options: .atomic)
        return reading
    }

    private func place(of clip: SpeechManifest.Clip) -> URL {
        var hash = SHA256()
        // Whoever changes how recordings are decoded gives this another number.
        hash.update(data: Data("1 \(model) \(clip.language)".utf8))
        clip.samples.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let name = hash.finalize().prefix(16).map { String(format: "%02x", $0) }.joined()
        return ModelStore.standard().directory.deletingLastPathComponent().appending(path: "readings/\(name).json")
    }
}
