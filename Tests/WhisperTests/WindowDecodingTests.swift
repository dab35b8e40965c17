import Foundation
import Testing
import Whisper
import WhisperText

/// One window of the base model: how a text is begun, bounded, stopped and tried again.
@Suite("Decoding a window", .enabled(if: TestRecording.isReady, "needs the base model and the test audio"))
struct WindowDecodingTests {
    private static let model = Result { try Model(path: InstalledModels.path("base"), device: .select("cpu")) }
    private let transcriber: Transcriber
    private let recording: TestRecording
    private let audio: Range<Int>
    private let seconds: Double

    init() throws {
        recording = try TestRecording("agent-alreadyon")
        transcriber = try Transcriber(model: Self.model.get(), threads: 2)
        seconds = Double(recording.samples.count) / 16_000
        audio = try transcriber.encode(recording.samples, seconds: seconds, margin: 64)
    }

    private func decode(
        prefix: [Int] = [], draft: [Int] = [], seconds: Double? = nil, attention: Bool = false,
        _ change: (inout DecodingOptions) -> Void = { _ in },
        isCancelled: () -> Bool = { false }, monitor: ((TokenStep) -> Continuation)? = nil
    ) throws -> DecodedWindow {
        var options = DecodingOptions()
        options.timestamps = false
        change(&options)
        let prompt = try Prompt(
            tokenizer: transcriber.model.tokenizer, options: options, language: "en", prefix: prefix)
        return try transcriber.decoder.decode(
            audio, seconds: seconds ?? self.seconds, prompt: prompt, options: options,
            draft: Draft(draft, firstTimestamp: transcriber.model.tokenizer.firstTimestamp), attention: attention,
            isCancelled: isCancelled, monitor: monitor)
    }

    private func steps(_ body: () throws -> DecodedWindow) rethrows -> (window: DecodedWindow, count: Int) {
        let before = transcriber.decoder.network.steps
        return (try body(), transcriber.decoder.network.steps - before)
    }

    @Test("a guess makes a text come sooner and does not change it, right or wrong", arguments: [false, true])
    func drafts(timestamps: Bool) throws {
        func guessed(_ draft: [Int]) throws -> (window: DecodedWindow, count: Int) {
            try steps { try decode(draft: draft, attention: true) { $0.timestamps = timestamps } }
        }
        let whole = try guessed([])
        let text = whole.window.tokens.filter { $0 < transcriber.model.tokenizer.endOfText }
        try #require(text.count >= 18)
        var edited = text
        edited.replaceSubrange(8..<9, with: [264, 11])
        edited.remove(at: 15)
        let drafts: [(tokens: [Int], steps: Int)] = [
            (text, whole.count / 3), (Array(text.dropFirst(3)), whole.count / 2), (edited, whole.count * 2 / 3),
            (Array(text.prefix(9)), whole.count - 5), (text + text, whole.count / 3),
            (text.reversed(), whole.count), (Array(repeating: text[0], count: 200), whole.count),
        ]
        for draft in drafts {
            let sooner = try guessed(draft.tokens)
            #expect(sooner.window == whole.window)
            // On other processors guesses are left out.
            guard transcriber.decoder.network.sumsTokensAlike else { continue }
            #expect(sooner.count <= draft.steps, "\(whole.count) steps for \(text) with the guess \(draft.tokens)")
        }
    }

    @Test("a guess beyond what the model can hold is let go")
    func draftAtTheLimit() throws {
        let prefix = Array(repeating: 264, count: 435)
        let expected = try decode(prefix: prefix)
        #expect(try decode(prefix: prefix, draft: Array(repeating: 264, count: 100)).tokens == expected.tokens)
        let bounded = try decode(seconds: 1) { $0.tokensPerSecond = 1 }
        let draft = try decode().tokens
        #expect(try decode(draft: draft, seconds: 1) { $0.tokensPerSecond = 1 } == bounded)
    }

    @Test("guesses that go with the prompt give the same text")
    func draftsWithPrompt() throws {
        let tokenizer = transcriber.model.tokenizer
        var options = DecodingOptions()
        options.timestamps = false
        let whole = try decode()
        for draft in [whole.tokens, Array(whole.tokens.dropFirst()), whole.tokens.reversed()] {
            let prompt = try Prompt(tokenizer: tokenizer, options: options, language: "en", prefix: [])
            let window = try transcriber.decoder.decode(
                audio, seconds: seconds, prompt: prompt, options: options, draft: Draft(draft), draftsWithPrompt: true)
            #expect(window.tokens == whole.tokens)
            for (one, other) in zip(window.probabilities, whole.probabilities) { #expect(abs(one - other) < 0.05) }
        }
    }

    @Test("is the text that was said, with its certainty")
    func text() throws {
        let window = try decode()
        #expect(recording.errorRate(of: window.text) < 0.1)
        #expect(window.isComplete)
        #expect(window.temperature == 0)
        #expect(window.averageLogProbability < 0 && window.averageLogProbability > -0.5)
        #expect(window.noSpeechProbability < 0.5)
        #expect(window.probabilities.count == window.tokens.count)
        #expect(window.probabilities.allSatisfy { $0 > 0 && $0 <= 1 })
    }

    @Test("stops when nobody wants it, before the next token")
    func cancellation() throws {
        var asked = 0
        let error = #expect(throws: WhisperError.self) {
            try decode(isCancelled: {
                asked += 1
                return asked > 4
            })
        }
        #expect(error?.code == .cancelled)
        #expect(asked == 5)
    }

    @Test("a monitor ends the text, with its token or without")
    func monitor() throws {
        let whole = try decode().tokens
        for (verdict, count) in [(Continuation.stop, 5), (.discard, 4)] {
            var seen: [Int] = []
            let window = try decode(monitor: { step in
                seen.append(step.token)
                return seen.count == 5 ? verdict : .resume
            })
            #expect(seen == Array(whole.prefix(5)))
            #expect(window.tokens == Array(whole.prefix(count)))
            #expect(window.probabilities.count == count)
            #expect(!window.isComplete)
        }
    }

    @Test("a text is bounded by the time it takes to say it")
    func bound() throws {
        let window = try decode(seconds: 1) { $0.tokensPerSecond = 1 }
        #expect(window.tokens.count == 13)
        #expect(!window.isComplete)
    }

    @Test("a prefix is continued, not repeated")
    func prefix() throws {
        let whole = try decode()
        let half = Array(whole.tokens.prefix(whole.tokens.count / 2))
        let rest = try decode(prefix: half)
        #expect(half + rest.tokens == whole.tokens)
    }

    @Test("words after a prefix have the times they have without one")
    func wordTimes() throws {
        let whole = try decode()
        let tokenizer = transcriber.model.tokenizer
        let words = tokenizer.splitIntoWords(whole.tokens.filter { $0 < tokenizer.endOfText }, language: "en")
        let prefix = words.prefix(words.count / 2).flatMap(\.tokens)
        let rest = try decode(prefix: prefix)
        func times(_ window: DecodedWindow, after prefix: [Int]) throws -> [WordTiming] {
            try transcriber.decoder.words(
                of: window, audio: audio, seconds: seconds, language: "en", task: .transcribe, after: prefix
            ).words
        }
        let expected = try times(whole, after: [])
        let found = try times(rest, after: prefix)
        #expect(found.count > 1 && found.count < expected.count)
        #expect(found.map(\.text) == expected.suffix(found.count).map(\.text))
        for (word, usual) in zip(found, expected.suffix(found.count)) {
            #expect(abs(word.start - usual.start) <= 0.1 && abs(word.end - usual.end) <= 0.1)
        }
    }

    @Test("what is too long for the model is refused with one clear line")
    func tooLong() throws {
        let error = #expect(throws: WhisperError.self) { try decode(prefix: Array(repeating: 264, count: 448)) }
        #expect(error?.code == .badInput)
        #expect(error?.message.contains("448 tokens") == true)
        // Just short of it a few tokens fit; and the decoder is none the worse.
        #expect(try decode(prefix: Array(repeating: 264, count: 440)).tokens.count <= 4)
        #expect(try recording.errorRate(of: decode().text) < 0.1)
    }

    @Test("text that looks wrong is tried again at every temperature, and only then")
    func fallback() throws {
        let tried = try decode {
            $0.temperatures = [0, 0.1, 0.2]
            $0.samples = 2
            $0.compressionRatioThreshold = 0
        }
        #expect(tried.temperature == 0.2)
        #expect(recording.errorRate(of: tried.text) < 0.3)
        let silent = try decode {
            // Doubtful because nobody speaks: nothing is gained by another try.
            $0.logProbabilityThreshold = 0
            $0.noSpeechThreshold = 0
        }
        #expect(silent.temperature == 0)
        #expect(try decode { $0.temperatures = [] }.temperature == 0)
    }

    @Test("where all texts look wrong, the likeliest is taken, with the temperature of the last")
    func likeliest() throws {
        let greedy = try decode { $0.temperatures = [0] }
        let tried = try decode {
            $0.temperatures = [0, 1.2]
            $0.samples = 1
            // No text is that likely.
            $0.logProbabilityThreshold = 1
            $0.noSpeechThreshold = nil
        }
        #expect(tried.temperature == 1.2)
        #expect(tried.text == greedy.text)
    }

    @Test("beam search finds a text at least as likely")
    func beams() throws {
        let beams = try decode { $0.beams = 5 }
        #expect(try beams.averageLogProbability >= decode().averageLogProbability - 0.001)
        #expect(recording.errorRate(of: beams.text) < 0.1)
    }

    @Test("forbidden tokens are not written")
    func suppression() throws {
        let whole = try decode().tokens
        let window = try decode { $0.suppressedTokens = [whole[1], whole[3]] }
        #expect(!window.tokens.contains(whole[1]) && !window.tokens.contains(whole[3]))
        #expect(try decode().tokens == whole)
    }

    @Test("times are in order and within the sound")
    func timestamps() throws {
        let tokenizer = transcriber.model.tokenizer
        let times = try decode { $0.timestamps = true }.tokens.filter(tokenizer.isTimestamp).map(tokenizer.seconds)
        #expect(times.count >= 2)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 <= seconds + 1.3 })
    }
}
