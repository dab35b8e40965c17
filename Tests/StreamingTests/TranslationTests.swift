import Recognition
import Streaming
import Testing
import WhisperText

@Suite("Translations of finals")
struct TranslationTests {
    private static let script = Script(words: [
        (" one", 1, 1.3), (" two", 1.4, 1.7), (" three", 5, 5.3), (" four", 9, 9.3), (" five", 9.4, 9.7),
    ])
    private static let samples = script.sound(seconds: 13).samples

    /// A session in a language, whose windows are answered, but for translations, which say their length.
    private func playback(_ language: String? = "ko", seed: UInt64? = nil) -> Playback {
        var playback = Playback(Self.script, language: language)
        playback.settings.translates = true
        playback.seed = seed
        let recognize = playback.recognize
        playback.recognize = { work in
            guard work.purpose == .translation else { return recognize(work) }
            return .written(Toy.tokens(" meaning of \(work.request.samples.count)"), language: language ?? "ko")
        }
        return playback
    }

    @Test("follow each final, in order, and are all there at the end", arguments: [nil] + (0..<20).map(UInt64?.init))
    func order(seed: UInt64?) {
        let outcome = playback(seed: seed).run(Self.samples)
        #expect(outcome.faults(samples: Self.samples.count).isEmpty)
        #expect(outcome.finals.count == 3)
        #expect(outcome.translations.map(\.utterance) == outcome.finals.map(\.utterance))
        // Of the sound of the utterance alone.
        #expect(outcome.translations.map(\.text) == outcome.finals.map { "meaning of \($0.range.count)" })
    }

    @Test("are asked for in English, without what the user has given in his own language")
    func request() throws {
        var playback = playback()
        (playback.settings.prompt, playback.settings.hotwords) = ("소리 방송", ["소리"])
        let work = playback.run(Self.samples).work.filter { $0.purpose == .translation }
        #expect(work.count == 3)
        let options = try #require(work.first).request.options
        #expect(options.task == .translate && options.language == "ko")
        #expect(options.prompt == nil && options.hotwords == nil)
        #expect(work.allSatisfy { $0.request.context.isEmpty && $0.request.priority == .final })
    }

    @Test("are not made of English, nor where nobody wants them")
    func none() {
        #expect(playback("en").run(Self.samples).translations.isEmpty)
        var unasked = playback()
        unasked.settings.translates = false
        #expect(unasked.run(Self.samples).translations.isEmpty)
    }

    @Test("begin with the next final when they are switched on while somebody speaks")
    func switched() {
        var playback = playback()
        playback.settings.translates = false
        playback.meanwhile = { session, now in
            if now > 4 { session.configure { $0.translates = true } }
        }
        #expect(playback.run(Self.samples).translations.map(\.utterance) == [1, 2])
    }

    @Test("are empty where they cannot be had, or are not believed, and nothing waits for them")
    func failure() {
        var playback = playback()
        let recognize = playback.recognize
        let loop = String(repeating: " and so on", count: 30)
        playback.recognize = { work in
            guard work.purpose == .translation else { return recognize(work) }
            return work.utterance == 0 ? nil : work.utterance == 1 ? .written(Toy.tokens(loop)) : recognize(work)
        }
        let outcome = playback.run(Self.samples)
        #expect(outcome.finals.count == 3 && outcome.faults(samples: Self.samples.count).isEmpty)
        #expect(outcome.translations.map(\.text.isEmpty) == [true, true, false])
    }

    @Test("keep the sound that they need, and no more")
    func memory() {
        let script = Script.conversation(2, seconds: 120)
        var playback = Playback(script, language: "ko")
        playback.settings.translates = true
        let samples = script.sound(seconds: 120).samples
        let outcome = playback.run(samples)
        #expect(outcome.translations.count == outcome.finals.count && outcome.mostKept < 60)
    }
}
