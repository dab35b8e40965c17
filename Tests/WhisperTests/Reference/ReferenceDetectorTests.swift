import Audio
import Testing
import Whisper

extension ReferenceTests {
    /// The small model, which tells speech from other sounds.
    @Suite(
        "Detector",
        .enabled(
            if: ReferenceFacts.has("nospeech") && InstalledModels.has("tiny.en"), "needs the reference and tiny.en"))
    struct DetectorComparison {
        private struct Difference {
            var exact: Float
            var used: Float
        }

        @Test("is as sure of speech as the reference, within 0.02")
        func noSpeech() async throws {
            let facts = try ReferenceFacts.entries("nospeech", as: SilenceFact.self)
            let lanes = try ReferenceLanes(model: "tiny.en", plan: .exact)
            let differences = try await lanes.map(facts) { fact, transcriber in
                let samples = try AudioFile.read(fact.audio).samples
                let start = Int(fact.start * 16_000)
                let window = Array(samples[start..<min(samples.count, start + 32_000)])
                // The reference's two seconds and 64 positions of silence; the detector rounds them up.
                let audio = try transcriber.decoder.network.encode(transcriber.mel.window(of: window, positions: 164))
                let exact = try transcriber.decoder.noSpeechProbability(of: audio)
                let used = try transcriber.decoder.noSpeechProbability(
                    of: transcriber.encode(window, seconds: 2, margin: 64))
                return Difference(
                    exact: abs(exact - fact.noSpeechProbability), used: abs(used - fact.noSpeechProbability))
            }
            #expect(differences.count >= 20)
            for (fact, difference) in zip(facts, differences) { #expect(difference.exact <= 0.02, "\(fact.audio)") }
            report(
                "no speech in tiny.en, \(facts.count) windows: largest difference "
                    + "\(differences.map(\.exact).max() ?? 0); with the detector's rounded margin "
                    + "\(differences.map(\.used).max() ?? 0)")
        }
    }
}
