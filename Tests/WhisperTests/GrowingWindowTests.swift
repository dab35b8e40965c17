import Audio
import Scoring
import Testing
import Whisper
import WhisperText

/// Live windows that use what the one before has left, with the base model and a real voice.
@Suite("A window that grows", .enabled(if: TestRecording.isReady, "needs the base model and the test audio"))
struct GrowingWindowTests {
    private static let margin = 64
    private static let model = Result { try Model(path: InstalledModels.path("base"), device: .select("cpu")) }
    private let sound: [Float]
    private let transcriber: Transcriber

    init() throws {
        // 5 s.
        sound = Array(try TestRecording("agent-alreadyon").samples.prefix(80_000))
        transcriber = try Transcriber(model: Self.model.get())
        try #require(transcriber.decoder.network.keepsWindows)
    }

    /// Encodes the first samples, and writes them down.
    private func text(of count: Int, in sound: [Float], keeping window: inout GrowingWindow?) throws -> String {
        let seconds = Double(count) / 16_000
        let audio = try transcriber.encode(
            Array(sound.prefix(count)), seconds: seconds, margin: Self.margin, keeping: &window)
        return try decode(audio, seconds)
    }

    private func decode(_ audio: Range<Int>, _ seconds: Double) throws -> String {
        var options = DecodingOptions()
        (options.language, options.temperatures, options.timestamps) = ("en", [0], false)
        let prompt = try Prompt(tokenizer: transcriber.model.tokenizer, options: options, language: "en")
        return try transcriber.decoder.decode(audio, seconds: seconds, prompt: prompt, options: options).text
    }

    @Test("has the words of the whole window, though most of it was computed before")
    func text() throws {
        var window: GrowingWindow?
        var text = ""
        for count in stride(from: 16_000, through: sound.count, by: 8_000) {
            text = try self.text(of: count, in: sound, keeping: &window)
        }
        #expect(window?.positions == 250)
        let whole = try decode(transcriber.encode(sound, seconds: 5, margin: Self.margin), 5)
        // But for the mark at the end, whose sound is new each time.
        #expect(ErrorRate.words(reference: whole, hypothesis: text, language: "en").rate == 0, "\(text) \(whole)")
    }

    @Test("is the same on another lane")
    func otherLane() throws {
        var (here, there): (GrowingWindow?, GrowingWindow?)
        _ = try text(of: 64_000, in: sound, keeping: &here)
        there = here
        let text = try text(of: sound.count, in: sound, keeping: &here)
        let other = try Transcriber(model: Self.model.get())
        // Something else was there before.
        _ = try other.encode(Array(sound.reversed()), seconds: 5, margin: 0)
        let audio = try other.encode(sound, seconds: 5, margin: Self.margin, keeping: &there)
        var options = DecodingOptions()
        (options.language, options.temperatures, options.timestamps) = ("en", [0], false)
        let prompt = try Prompt(tokenizer: other.model.tokenizer, options: options, language: "en")
        #expect(try other.decoder.decode(audio, seconds: 5, prompt: prompt, options: options).text == text)
    }

    @Test("is computed as a whole after something much louder, and when little is kept")
    func whole() throws {
        var window: GrowingWindow?
        let quiet = sound.prefix(56_000).map { $0 / 20 } + sound.suffix(24_000)
        _ = try text(of: 56_000, in: quiet, keeping: &window)
        let text = try text(of: quiet.count, in: quiet, keeping: &window)
        // Nothing of what was kept is left: the rows are those of a window without a former one.
        var fresh: GrowingWindow?
        #expect(try self.text(of: quiet.count, in: quiet, keeping: &fresh) == text)
        // Not as two values: they would be written out.
        let isSame = window == fresh
        #expect(isSame)
    }

    @Test("keeps all but the newest 1.5 s, in steps of 16 positions")
    func kept() {
        let rows = KeptRows(blocks: [], rowBytes: 128)
        func kept(_ positions: Int, of sounding: Int) -> Int {
            GrowingWindow(positions: positions, loudest: 0, encoder: rows, cross: rows).kept(for: sounding)
        }
        #expect(kept(400, of: 425) == 320)
        #expect(kept(400, of: 400) == 320)
        // A window that got shorter has sound behind its end no longer.
        #expect(kept(400, of: 300) == 224)
        #expect(kept(75 + GrowingWindow.fewestKept - 1, of: 400) == 0)
        #expect(kept(0, of: 25) == 0)
    }
}
