import Audio
import Foundation
import Testing
import Whisper
import WhisperText

/// The base model with a real voice.
@Suite("Network of base", .enabled(if: TestRecording.isReady, "needs the base model and the test audio"))
struct NetworkRealModelTests {
    private static let recording = Result { try TestRecording("agent-alreadyon") }
    private static let model = Result { try Model(path: InstalledModels.path("base"), device: .select("cpu")) }
    private let recording: TestRecording

    init() throws {
        recording = try Self.recording.get()
    }

    private static func transcribe(
        _ model: Model, _ change: (inout DecodingOptions) -> Void = { _ in }
    ) throws -> Transcript {
        var options = DecodingOptions()
        options.language = "en"
        change(&options)
        return try Transcriber(model: model, threads: 2).transcribe(recording.get().samples, options: options)
    }

    @Test(
        "every way to store weights gives the same text",
        arguments: WeightPlan.Format.allCases.map { WeightPlan(encoder: $0, decoder: $0) } + [.exact])
    func plans(plan: WeightPlan) throws {
        let model = try Model(path: InstalledModels.path("base"), device: .select("cpu"), plan: plan)
        let text = try Self.transcribe(model).text
        #expect(text == (try Self.transcribe(Self.model.get()).text))
        #expect(recording.errorRate(of: text) < 0.1)
    }

    @Test(
        "both kinds of files give the same text",
        .enabled(if: ReferencePython.path != nil, "needs the reference's Python, which converts the model"))
    func files() throws {
        let python = try #require(ReferencePython.path)
        let converter = ReferencePython.package.appending(path: "Benchmarks/peers/ctranslate2_to_ggml.py").path
        try withTemporaryDirectory { directory in
            let file = directory + "/ggml-base.bin"
            let process = Process()
            process.executableURL = URL(filePath: python)
            process.arguments = [converter, InstalledModels.path("base"), file, "--type", "f16"]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            let converted = try Model(path: file, device: .select("cpu"), plan: .exact)
            let original = try Model(path: InstalledModels.path("base"), device: .select("cpu"), plan: .exact)
            #expect(try Self.transcribe(converted) == Self.transcribe(original))
        }
    }

    @Test("windows of any length are heard side by side as each alone")
    func batch() throws {
        let model = try Model(path: InstalledModels.path("base"), device: .select("cpu"), plan: .exact)
        let mel = try LogMel(bands: model.dimensions.melBands)
        let network = try Network(model: model, threads: 2)
        let prompt = try Prompt(tokenizer: model.tokenizer, options: DecodingOptions(), language: "en").tokens
        var sequences: [TokenSequence] = []
        let windows = try [(1.0, 64), (2.5, 200), (0.2, 33), (5.0, 400)].map {
            try mel.window(of: recording.samples, seconds: $0, positions: $1)
        }
        var row = 0
        for window in windows {
            sequences.append(TokenSequence(audio: try network.encode(window, at: row)))
            row += window.positions
        }
        let texts = [prompt, prompt + [50_364], prompt, prompt + [50_364, 663]]
        let together = try network.step(texts, to: &sequences)
        let results = texts.indices.map { together.next(of: $0) }
        for (index, window) in windows.enumerated() {
            let alone = try network.next(after: texts[index], listeningTo: network.encode(window))
            // Flash attention keeps 16 bits, and what is masked changes the order of its sums.
            #expect(largestDifference(results[index], alone) < 0.005)
            #expect(cosine(results[index], alone) > 0.9999)
        }
    }

    @Test("every length from 20 ms to 30 s is heard", arguments: [1, 2, 3, 10, 63, 500, 1_499, 1_500])
    func lengths(positions: Int) throws {
        let transcriber = try Transcriber(model: Self.model.get(), threads: 2)
        let window = try transcriber.mel.window(of: recording.samples, positions: positions)
        let languages = try transcriber.decoder.languages(of: transcriber.decoder.network.encode(window))
        #expect(abs(languages.reduce(0) { $0 + $1.probability } - 1) < 1e-3)
        if positions >= 500 { #expect(languages[0].language.code == "en") }
    }
}
