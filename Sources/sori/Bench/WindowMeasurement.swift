import Foundation
import Whisper
import WhisperText

/// Where the time of a live window goes: 8 s of sound, of which the last 0.5 s are new, 40 settled tokens and 5 new ones.
/// In seconds.
struct WindowMeasurement: Encodable {
    private static let (before, seconds, margin) = (7.5, 8.0, 64)

    /// The whole window, and what is new in it.
    var mel, newMel: Double
    var encoder, newEncoder: Double
    /// The first time that a window has this length.
    var encoderFirst, newEncoderFirst: Double
    var positions, newPositions: Int
    var prompt, promptFirst: Double
    var tokens: Double
    /// A step with a token and six guesses at what follows it.
    var guesses: Double

    /// - Parameter token: seconds for another token.
    static func measure(
        _ model: Model, threads: Int, samples: [Float], token: Double, runs: Int
    ) throws -> WindowMeasurement {
        let clock = ContinuousClock()
        func time(_ body: () throws -> Void) rethrows -> Double { try clock.measure { try body() } / .seconds(1) }
        let transcriber = try Transcriber(model: model, threads: threads)
        let rate = Double(Transcriber.sampleRate)
        let (former, sound) = (Array(samples.prefix(Int(before * rate))), Array(samples.prefix(Int(seconds * rate))))
        let positions = (Int(seconds * 50) + margin + 15) / 16 * 16
        let network = transcriber.decoder.network
        var kept: GrowingWindow?
        func encode(_ samples: [Float], keeping window: inout GrowingWindow?) throws {
            let seconds = Double(samples.count) / rate
            _ = try transcriber.encode(samples, seconds: seconds, margin: margin, keeping: &window)
        }
        func decode(_ tokens: [Int], positions: Int) throws -> Double {
            network.forgetRows()
            var sequences = [TokenSequence(audio: 0..<positions)]
            let prompt = tokens + [model.tokenizer.startOfTranscript]
            return try time {
                _ = try network.step([prompt], to: &sequences, startOfTranscript: tokens.count, attention: true)
            }
        }
        // Longer ones first: memory that is as large as it has to be.
        let (longer, longest) = (Array(samples.prefix(Int(9.5 * rate))), Array(samples.prefix(Int(10 * rate))))
        var long: GrowingWindow?
        for samples in [longer, longest] {
            _ = try transcriber.encode(samples, seconds: Double(samples.count) / rate, margin: margin)
            try encode(samples, keeping: &long)
        }
        _ = try decode(Array(repeating: 11, count: 51), positions: 560)
        try encode(former, keeping: &kept)
        let window = kept
        let first = window?.kept(for: Int(seconds * 50)) ?? 0
        func whole() throws { _ = try transcriber.encode(sound, seconds: seconds, margin: margin) }
        func new() throws {
            var window = window
            try encode(sound, keeping: &window)
        }
        let (encoderFirst, newEncoderFirst) = (try time(whole), try time(new))
        let prompt = Array(repeating: 11, count: 39)
        let promptFirst = try decode(prompt, positions: positions)
        let promptAgain = try (0..<runs).reduce(Double.infinity) { least, _ in
            min(least, try decode(prompt, positions: positions))
        }
        func guess() throws -> Double {
            network.forgetRows()
            var sequences = [TokenSequence(audio: 0..<positions)]
            _ = try network.step([prompt], to: &sequences)
            let tokens = Array(repeating: 11, count: 1 + Draft.most)
            return try time { _ = try network.step([tokens], to: &sequences, next: tokens.count, attention: true) }
        }
        let guesses = try (0..<runs).reduce(Double.infinity) { least, _ in min(least, try guess()) }
        var least = [Double](repeating: .infinity, count: 4)
        for _ in 0..<runs {
            least[0] = min(least[0], try time { _ = try transcriber.mel.window(of: sound, positions: positions) })
            least[1] = min(
                least[1],
                try time {
                    _ = try transcriber.mel.window(
                        of: sound, from: 320 * (first - 1), positions: positions - first + 1)
                })
            least[2] = min(least[2], try time(whole))
            least[3] = min(least[3], try time(new))
        }
        return WindowMeasurement(
            mel: least[0], newMel: least[1], encoder: least[2] - least[0], newEncoder: least[3] - least[1],
            encoderFirst: encoderFirst - least[0], newEncoderFirst: newEncoderFirst - least[1], positions: positions,
            newPositions: positions - first, prompt: promptAgain, promptFirst: promptFirst,
            tokens: 5 * token, guesses: guesses)
    }

    /// The figures for people.
    var table: String {
        func row(_ name: String, _ whole: Double, _ new: Double) -> String {
            name.padding(toLength: 38, withPad: " ", startingAt: 0)
                + String(format: "%7.1f ms  %7.1f ms", whole * 1000, new * 1000)
        }
        return """
            a live window of 8 s                       whole     what is new
            positions                             \(String(format: "%7d     %7d", positions, newPositions))
            \(row("mel", mel, newMel))
            \(row("encoder, keys and values", encoder, newEncoder))
            \(row("  the first time with a length", encoderFirst, newEncoderFirst))
            \(row("40 tokens of prompt", prompt, prompt))
            \(row("  the first time with a length", promptFirst, promptFirst))
            \(row("5 tokens, one by one", tokens, tokens))
            \(row("  7 tokens at once, of which 6 guessed", guesses, guesses))
            \(row("together", mel + encoder + prompt + tokens, newMel + newEncoder + prompt + tokens))
            """
    }
}
