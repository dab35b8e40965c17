import Foundation
import Recognition
import SeededRandom
import Testing
import WhisperRecognition
import WhisperText

/// The small English model, which tells speech from other sounds.
@Suite("Detecting speech", .enabled(if: RecordedSpeech.hasDetector, "needs the tiny.en model and the test audio"))
struct WhisperDetectorTests {
    private static let detector = Result { try WhisperDetector(model: RecordedSpeech.model("tiny.en"), lanes: 2) }
    private let detector: WhisperDetector

    init() throws {
        detector = try Self.detector.get()
    }

    @Test("hears a voice, loud or soft")
    func speech() async throws {
        let samples = try RecordedSpeech.samples()
        for start in [0, 12_000, 40_000] {
            for loudness: Float in [1, 0.1] {
                let window = samples[start..<start + 32_000].map { $0 * loudness }
                for language in ["en", "ko", "ja", nil] {
                    #expect(try await detector.detect(.init(samples: window, language: language)).isSpeech)
                }
            }
        }
    }

    @Test("hears none in silence and noise", arguments: [0, 0.001, 0.01, 0.1] as [Float])
    func noise(loudness: Float) async throws {
        var generator = SplitMix64(state: 7)
        let window = (0..<32_000).map { _ in loudness * Float.random(in: -1...1, using: &generator) }
        let detection = try await detector.detect(.init(samples: window, language: "en"))
        #expect(!detection.isSpeech, "\(detection.noSpeechProbability)")
    }

    @Test("hears none in less than a moment of sound", arguments: [0, 1, 1_600])
    func tooShort(count: Int) async throws {
        #expect(
            try await !detector.detect(.init(samples: [Float](repeating: 0, count: count), language: "en")).isSpeech)
    }

    @Test("is careful where it knows a language less well")
    func thresholds() {
        func isSpeech(_ noSpeech: Float, _ language: String?) -> Bool {
            DetectorThresholds.whisperTiny.detection(noSpeechProbability: noSpeech, language: language).isSpeech
        }
        #expect(!isSpeech(0.7, "en"))
        #expect(isSpeech(0.7, "ja"))
        #expect(isSpeech(0.7, nil))
        #expect(!isSpeech(0.99, nil))
    }
}
