import Foundation
import Scoring
import Testing

extension CommandLineTests {
    /// `sori listen` on sound as cheap microphones and noisy rooms make it. Recordings are read as fast as they can be.
    @Suite(.needsSpeech) struct LiveCases {
        let folder = TemporaryFolder()

        private struct Line: Decodable {
            var type: String
            var text: String?
        }

        /// The finals of some sound.
        private func finals(of samples: [Float], _ options: String...) async throws -> [String] {
            let file = try folder.file("sound.wav", Wave.integers(samples.map { min(1, max(-1, $0)) })).path
            let arguments = ["listen", file, "--fast", "--json", "--language", "en"] + options
            let outcome = try await SoriProcess(arguments).outcome()
            try #require(outcome.status == 0, "\(outcome.complaints)")
            return try outcome.output.split(separator: "\n").compactMap { line in
                let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
                return line.type == "final" ? line.text : nil
            }
        }

        /// Twelve seconds of speech, half as loud, with a second of near silence before and a pause of two in the middle.
        private func speech() throws -> [Float] {
            let spoken = try TwoCities.samples(seconds: 12).map { $0 / 2 }
            func pause(_ seconds: Int) -> [Float] { (0..<seconds * 16_000).map { $0 % 2 == 0 ? 0.0001 : -0.0001 } }
            return pause(1) + spoken[..<96_000] + pause(2) + spoken[96_000...] + pause(1)
        }

        private static let said = """
            It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it \
            was the epoch of belief, it was the epoch of incredulity
            """

        private func expectAll(_ finals: [String]) {
            #expect(finals.count >= 2, "\(finals)")
            let rate = ErrorRate.words(
                reference: Self.said, hypothesis: finals.joined(separator: " "), language: "en")
            #expect(rate.rate < 0.35, "\(finals)")
        }

        @Test(arguments: [0.1, -0.3] as [Float]) func hearsEverythingOverAnOffset(offset: Float) async throws {
            expectAll(try await finals(of: speech().map { $0 + offset }))
        }

        @Test(arguments: [50.0, 60]) func hearsEverythingOverTheHumOfTheMains(frequency: Double) async throws {
            let step = 2 * Double.pi * frequency / 16_000
            expectAll(
                try await finals(
                    of: speech().enumerated().map { index, sample in
                        let phase = step * Double(index)
                        return sample + Float(0.1 * sin(phase) + 0.05 * sin(2 * phase) + 0.02 * sin(3 * phase))
                    }))
        }

        @Test func endsAnUtteranceInWhichAFanIsSwitchedOn() async throws {
            var seed: UInt32 = 1
            expectAll(
                try await finals(
                    of: speech().enumerated().map { index, sample in
                        seed = seed &* 1_664_525 &+ 1_013_904_223
                        let noise = Float(seed >> 8) / Float(1 << 24) - 0.5
                        return sample + (index > 64_000 ? 0.008 * noise : 0)
                    }))
        }

        /// Noise that a model writes thanks or its prompt over.
        @Test(arguments: [
            [], ["--prompt", "Hello everyone, welcome back to the stream."], ["--hotwords", "Ellie, Minecraft"],
        ])
        func writesNothingWhereNobodySpeaks(options: [String]) async throws {
            var seed: UInt32 = 7
            // Clatter: bursts of noise of 30 to 300 ms.
            let clatter = (0..<20 * 16_000).map { index -> Float in
                seed = seed &* 1_664_525 &+ 1_013_904_223
                let noise = Float(seed >> 8) / Float(1 << 24) - 0.5
                let beat = index / 4800 % 7
                return noise * ([0, 3, 4].contains(beat) ? 0.4 : 0.002)
            }
            let file = try folder.file("clatter.wav", Wave.integers(clatter)).path
            let outcome = try await SoriProcess(["listen", file, "--fast", "--language", "en"] + options).outcome()
            #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.output)")
        }
    }
}
