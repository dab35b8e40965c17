import Benchmark
import Foundation
import Models
import Whisper
import WhisperText

/// Encoder and decoder of the base model, one thread, for a live window: 2 s of sound, 40 settled tokens.
///
/// They are left out where there is no model; `scripts/benchmarks` says so.
func registerEngine() {
    guard let location = try? ModelStore.standard().locate("base") else { return }
    Benchmark("encoder-164") { (_, window: LiveWindow) in
        blackHole(try window.network.encode(window.mel))
    } setup: {
        try LiveWindow(model: location.path)
    }
    Benchmark("decoder-prefix-40") { (_, window: LiveWindow) in
        blackHole(try window.readPrefix())
    } setup: {
        try LiveWindow(model: location.path)
    }
    Benchmark("decoder-token") { (_, window: LiveWindow) in
        try window.readToken()
    } setup: {
        let window = try LiveWindow(model: location.path)
        window.text = try window.readPrefix()
        return window
    }
    // What a batch of windows would save: weights are read once for all.
    Benchmark("decoder-tokens-4") { (_, window: LiveWindow) in
        try window.readToken(of: 4)
    } setup: {
        let window = try LiveWindow(model: location.path)
        window.text = try window.readPrefix()
        return window
    }
}

/// A window whose sound is encoded.
private final class LiveWindow {
    static let positions = 164

    let network: Network
    let mel: MelWindow
    /// What the window begins with; which words does not matter for the time.
    private let prefix: [Int]
    private let word: Int
    /// The text before the token that is measured.
    var text = TokenSequence(audio: 0..<LiveWindow.positions)

    init(model path: String) throws {
        let model = try Model(path: path, device: .select("cpu"))
        let transcriber = try Transcriber(model: model, threads: 1)
        network = transcriber.decoder.network
        mel = try transcriber.mel.window(of: Sound.hum(seconds: 2), positions: Self.positions)
        word = model.tokenizer.encode(" the").first ?? 0
        let prompt = try Prompt(
            tokenizer: model.tokenizer, options: DecodingOptions(), language: "en",
            prefix: Array(repeating: word, count: 37))
        prefix = Array(prompt.tokens.suffix(40))
        _ = try network.encode(mel)
    }

    /// Reads 40 tokens at once, as at the start of every live window.
    func readPrefix() throws -> TokenSequence {
        network.forgetRows()
        var sequences = [TokenSequence(audio: 0..<Self.positions)]
        _ = try network.step([prefix], to: &sequences, startOfTranscript: 0)
        return sequences[0]
    }

    /// Reads one token behind them, always at the same place; or one token of each of several texts, in one step.
    func readToken(of texts: Int = 1) throws {
        network.forgetRows(from: prefix.count)
        var sequences = Array(repeating: text, count: texts)
        blackHole(try network.step(Array(repeating: [word], count: texts), to: &sequences))
    }
}
