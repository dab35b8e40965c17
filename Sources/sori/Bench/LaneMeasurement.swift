import Foundation
import PrometheusMetrics
import Whisper
import WhisperRecognition
import WhisperText

/// What a second lane adds.
struct LaneMeasurement: Encodable {
    /// Rounds in a second.
    struct Rates: Encodable {
        /// By one lane.
        var one = 0.0
        /// By two lanes together.
        var two = 0.0
    }

    /// Windows of 2 s encoded in a second.
    var encodes: Rates
    /// Live windows (encode, 40-token prefix, 5 tokens) in a second.
    var windows: Rates
    /// Further resident bytes that the second lane took.
    var bytes: Int

    static func measure(options: EngineOptions, samples: [Float], language: String) async throws -> LaneMeasurement {
        let model = try options.loadModel()
        let encodes = try await rates(model, samples) { lane in _ = try lane.network.encode(lane.window) }
        let windows = try await rates(model, samples) { lane in
            _ = try lane.network.encode(lane.window)
            lane.network.forgetRows()
            var sequences = [TokenSequence(audio: 0..<lane.window.positions)]
            _ = try lane.network.step([lane.prefix], to: &sequences, startOfTranscript: 0)
            for _ in 0..<5 { _ = try lane.network.step([[lane.prefix[39]]], to: &sequences) }
        }
        let before = ProcessUsage().resident
        let further = try LaneWork(model, samples)
        _ = try further.network.encode(further.window)
        return LaneMeasurement(encodes: encodes, windows: windows, bytes: ProcessUsage().resident - before)
    }

    private final class LaneWork {
        let network: Network
        let window: MelWindow
        let prefix: [Int]

        init(_ model: Model, _ samples: [Float]) throws {
            network = try Network(model: model, threads: 1)
            window = try LogMel(bands: model.dimensions.melBands).window(
                of: Array(samples.prefix(2 * Transcriber.sampleRate)), positions: 164)
            let word = model.tokenizer.encode(" the").first ?? 0
            prefix = [model.tokenizer.startOfTranscript] + Array(repeating: word, count: 39)
        }
    }

    /// Rounds in a second by one lane, then by two at the same time. Of three turns the best counts.
    private static func rates(
        _ model: Model, _ samples: [Float], _ round: @escaping @Sendable (LaneWork) throws -> Void
    ) async throws -> Rates {
        var best = Rates()
        for _ in 0..<3 {
            best.one = max(best.one, try await rate(lanes: 1, model, samples, round))
            best.two = max(best.two, try await rate(lanes: 2, model, samples, round))
        }
        return best
    }

    private static func rate(
        lanes count: Int, _ model: Model, _ samples: [Float], _ round: @escaping @Sendable (LaneWork) throws -> Void
    ) async throws -> Double {
        let lanes = try (0..<count).map { try Lane(name: "bench-\($0)") { try LaneWork(model, samples) } }
        // Graphs are laid out before the clock starts.
        for lane in lanes { try await lane.run { try round($0) } }
        let end = ContinuousClock.now.advanced(by: .seconds(3))
        return try await withThrowingTaskGroup(of: Double.self) { group in
            for lane in lanes {
                group.addTask {
                    try await lane.run { work in
                        let start = ContinuousClock.now
                        var rounds = 0.0
                        while ContinuousClock.now < end {
                            try round(work)
                            rounds += 1
                        }
                        return rounds / ((ContinuousClock.now - start) / .seconds(1))
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// The figures for people.
    var table: String {
        func row(_ name: String, _ pair: Rates) -> String {
            String(
                format: "%@ %.1f /s with one lane, %.1f /s with two: %.2f times",
                name.padding(toLength: 22, withPad: " ", startingAt: 0), pair.one, pair.two, pair.two / pair.one)
        }
        return [
            row("encoder, 2 s window", encodes), row("live window", windows),
            "a further lane takes   \(bytes / 1_000_000) MB",
        ].joined(separator: "\n")
    }
}
