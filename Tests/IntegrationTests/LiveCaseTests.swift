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
            let parts = [pause(1), Array(spoken[..<96_000]), pause(2), Array(spoken[96_000...]), pause(1)]
            return parts.flatMap(\.self)
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
            var sound = try speech()
            for index in sound.indices {
                for (harmonic, amplitude) in [(1.0, 0.1), (2, 0.05), (3, 0.02)] {
                    sound[index] += Float(amplitude * sin(step * harmonic * Double(index)))
                }
            }
            expectAll(try await finals(of: sound))
        }

        @Test func endsAnUtteranceInWhichAFanIsSwitchedOn() async throws {
            var noise = Noise(seed: 1)
            var sound = try speech()
            // In the middle of the first sentence.
            for index in 64_000..<sound.count { sound[index] += 0.008 * noise.next() }
            let finals = try await finals(of: sound)
            #expect(finals.count >= 2 && finals.first?.contains("best of times") == true, "\(finals)")
            #expect(finals.first?.contains("foolishness") == false, "\(finals)")
            #expect(finals.joined().contains("foolishness"), "\(finals)")
        }

        /// Noise that a model writes thanks or its prompt over.
        @Test(arguments: [
            [], ["--prompt", "Hello everyone, welcome back to the stream."], ["--hotwords", "Ellie, Minecraft"],
        ])
        func writesNothingWhereNobodySpeaks(options: [String]) async throws {
            var noise = Noise(seed: 7)
            // Clatter: bursts of 0.3 and 0.6 s.
            let clatter = (0..<20 * 16_000).map { index in
                [0, 3, 4].contains(index / 4800 % 7) ? 0.4 * noise.next() : 0.002 * noise.next()
            }
            let file = try folder.file("clatter.wav", Wave.integers(clatter)).path
            let outcome = try await SoriProcess(["listen", file, "--fast", "--language", "en"] + options).outcome()
            #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.output)")
        }
    }
}

/// The same noise each time, in -0.5...0.5.
private struct Noise {
    private var state: UInt32

    init(seed: UInt32) {
        state = seed
    }

    mutating func next() -> Float {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(state >> 8) / Float(1 << 24) - 0.5
    }
}
