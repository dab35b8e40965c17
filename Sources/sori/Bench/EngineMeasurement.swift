import Foundation
import Measuring
import PrometheusMetrics
import Whisper
import WhisperText

/// How long the parts of the engine take, in seconds.
struct EngineMeasurement: Encodable {
    var model: String
    var device: String
    var weights: String
    var threads: Int
    var loadSeconds: Double
    var firstResultSeconds: Double
    var melSeconds: [String: Double]
    var encodeSeconds: [String: Double]
    var prefix40Seconds: Double
    var tokenSeconds: Double
    var window2Seconds: Double
    var clip30Seconds: Double
    var clip30Tokens: Int
    var weightBytes: Int
    var workingBytes: Int
    var residentBytes: Int
    var text: String
    var lanes: LaneMeasurement?
    /// A live window by its parts.
    var window: WindowMeasurement?

    static func measure(
        options: EngineOptions, threads: Int, samples: [Float], language: String, runs: Int
    ) throws -> EngineMeasurement {
        let clock = ContinuousClock()
        let start = clock.now
        let model = try options.loadModel()
        let load = (clock.now - start) / .seconds(1)
        let transcriber = try Transcriber(model: model, threads: threads)
        var greedy = DecodingOptions()
        greedy.language = language
        greedy.temperatures = [0]
        let second = Array(samples.prefix(Transcriber.sampleRate))
        _ = try transcriber.transcribe(second, options: greedy)
        let firstResult = (clock.now - start) / .seconds(1)

        func least(_ body: () throws -> Void) rethrows -> Double {
            try (0..<runs).map { _ in try clock.measure { try body() } / .seconds(1) }.min() ?? 0
        }
        let network = transcriber.decoder.network
        let mel = transcriber.mel
        var melSeconds: [String: Double] = [:]
        var encodeSeconds: [String: Double] = [:]
        for seconds in [1, 2, 5, 10, 30] {
            let sound = Array(samples.prefix(seconds * Transcriber.sampleRate))
            let positions = min(model.dimensions.audioPositions, seconds * 50 + 64)
            melSeconds["\(seconds)"] = try least { _ = try mel.window(of: sound, positions: positions) }
            let window = try mel.window(of: sound, positions: positions)
            encodeSeconds["\(seconds)"] = try least { _ = try network.encode(window) }
        }

        // A live window: 2 s of sound, 40 settled tokens, 5 new ones. Which tokens does not matter for the time.
        let tokenizer = model.tokenizer
        let window = try mel.window(of: Array(samples.prefix(2 * Transcriber.sampleRate)), positions: 164)
        let word = tokenizer.encode(" the").first ?? 0
        let prefix = try Prompt(
            tokenizer: tokenizer, options: greedy, language: language, prefix: Array(repeating: word, count: 37)
        ).tokens.suffix(40)
        var sequences = [TokenSequence(audio: 0..<0)]
        func prompt() throws {
            network.forgetRows()
            sequences = [TokenSequence(audio: 0..<164)]
            _ = try network.step([Array(prefix)], to: &sequences, startOfTranscript: 0)
        }
        let window2 = try least {
            _ = try network.encode(window)
            try prompt()
            for _ in 0..<5 { _ = try network.step([[word]], to: &sequences) }
        }
        let prefix40 = try least { try prompt() }
        let token = try least {
            try prompt()
            // Twenty in a row, as in use; the prompt's time is taken off below.
            for _ in 0..<20 { _ = try network.step([[word]], to: &sequences) }
        }
        var transcript: Transcript?
        greedy.timestamps = false
        let clip30 = try least { transcript = try transcriber.transcribe(samples, options: greedy) }
        let tokenSeconds = (token - prefix40) / 20
        let parts = try WindowMeasurement.measure(
            model, threads: threads, samples: samples, token: tokenSeconds, runs: runs)
        return EngineMeasurement(
            model: options.model, device: model.device.name, weights: "\(model.plan)", threads: threads,
            loadSeconds: load, firstResultSeconds: firstResult, melSeconds: melSeconds, encodeSeconds: encodeSeconds,
            prefix40Seconds: prefix40, tokenSeconds: tokenSeconds, window2Seconds: window2,
            clip30Seconds: clip30, clip30Tokens: transcript?.segments.reduce(0) { $0 + $1.tokens.count } ?? 0,
            weightBytes: model.weightBytes, workingBytes: transcriber.bytes, residentBytes: ProcessUsage().resident,
            text: transcript?.text ?? "", window: parts)
    }

    /// The figures for people.
    var table: String {
        func row(_ name: String, _ value: String) -> String {
            name.padding(toLength: 34, withPad: " ", startingAt: 0) + value.leftPadded(to: 10)
        }
        func milliseconds(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1000) }
        var lines = ["\(model) on \(device), weights \(weights), \(threads) thread\(threads == 1 ? "" : "s")"]
        lines.append(row("load", milliseconds(loadSeconds)))
        lines.append(row("load to first result", milliseconds(firstResultSeconds)))
        for seconds in melSeconds.keys.sorted(by: { (Int($0) ?? 0) < (Int($1) ?? 0) }) {
            lines.append(row("mel of \(seconds) s", milliseconds(melSeconds[seconds] ?? 0)))
        }
        for seconds in encodeSeconds.keys.sorted(by: { (Int($0) ?? 0) < (Int($1) ?? 0) }) {
            lines.append(row("encoder, \(seconds) s and margin", milliseconds(encodeSeconds[seconds] ?? 0)))
        }
        lines.append(row("prefix of 40 tokens", milliseconds(prefix40Seconds)))
        lines.append(row("one token", milliseconds(tokenSeconds)))
        lines.append(row("live window: 2 s, 40 + 5 tokens", milliseconds(window2Seconds)))
        lines.append(row("30 s clip, \(clip30Tokens) tokens", milliseconds(clip30Seconds)))
        lines.append(row("weights", "\(weightBytes / 1_000_000) MB"))
        lines.append(row("working memory of the lane", "\(workingBytes / 1_000_000) MB"))
        lines.append(row("resident memory of the process", "\(residentBytes / 1_000_000) MB"))
        if let window { lines.append(window.table) }
        if let lanes { lines.append(lanes.table) }
        return lines.joined(separator: "\n")
    }
}
