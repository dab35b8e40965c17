import Crypto
import Foundation
import Measuring
import Models
import Terminal
import Whisper
import WhisperRecognition
import WhisperText

/// Recordings decoded as a whole, once: what they say is kept beside the models.
struct OfflineReadings {
    private let engine: EngineOptions

    init(_ engine: EngineOptions) {
        self.engine = engine
    }

    /// What recordings say, from the last time or decoded now.
    func of(_ clips: [SpeechClip]) async throws -> [OfflineReading] {
        var readings = clips.map { $0.language == "none" ? OfflineReading.silence : known($0) }
        let missing = clips.indices.filter { readings[$0] == nil }
        if missing.isEmpty { return readings.compactMap(\.self) }
        let recognizer = try WhisperRecognizer(model: engine.loadModel(), lanes: 1)
        let total = missing.map { clips[$0].seconds }.reduce(0, +)
        let bar = ProgressBar(ProgressState(label: "as a whole", unit: .audioSeconds, total: total))
        defer { bar.finish() }
        for index in missing {
            readings[index] = try await decode(clips[index], recognizer)
            bar.update { $0.completed += clips[index].seconds }
        }
        await recognizer.drain()
        return readings.compactMap(\.self)
    }

    private func known(_ clip: SpeechClip) -> OfflineReading? {
        (try? Data(contentsOf: place(of: clip))).flatMap { try? JSONDecoder().decode(OfflineReading.self, from: $0) }
    }

    private func decode(_ clip: SpeechClip, _ recognizer: WhisperRecognizer) async throws -> OfflineReading {
        var options = DecodingOptions()
        options.language = clip.language
        options.wordTimestamps = true
        let transcript = try await recognizer.transcribe(clip.samples, options: options)
        let reading = OfflineReading(transcript, language: clip.language)
        // Without a place to keep it, it is decoded again.
        let file = place(of: clip)
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? JSONEncoder().encode(reading).write(to: file, options: .atomic)
        return reading
    }

    private func place(of clip: SpeechClip) -> URL {
        var hash = SHA256()
        // Whoever changes how recordings are decoded gives this another number.
        hash.update(data: Data("3 \(engine.model) \(clip.language)".utf8))
        clip.samples.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let name = hash.finalize().prefix(16).map { String(format: "%02x", $0) }.joined()
        return ModelStore.standard().directory.deletingLastPathComponent().appending(path: "readings/\(name).json")
    }
}
