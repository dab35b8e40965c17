import Recognition
import Streaming
import Testing
import WhisperText

@Suite("Caption session")
struct SessionTests {
    private let line = Script.line(["one", "two", "three", "four", "five", "six", "seven", "eight"])

    @Test("shows text while somebody speaks, and the whole text at the end", arguments: CaptionSettings.Policy.allCases)
    func everyPolicy(policy: CaptionSettings.Policy) {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.settings.policy = policy
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.map(\.text) == ["one two three four five six seven eight"])
        #expect(outcome.partials(0).contains { !$0.stable.isEmpty })
        #expect(outcome.partials(0).allSatisfy { !$0.stable.contains("~") })
    }

    @Test("gives words their times in the session")
    func wordTimes() throws {
        let final = try #require(Playback(line).run(line.sound(seconds: 8).samples).finals.first)
        #expect(final.words.map(\.text) == line.words.map(\.text))
        for (word, said) in zip(final.words, line.words) {
            #expect(abs(word.start - said.start) < 0.01 && abs(word.end - said.end) < 0.01)
        }
        #expect(final.range.contains(1.asSamples) && final.confidence > 0.8 && final.language == "en")
    }

    @Test("a pause is decoded in case it is the end: then the final is there at once")
    func pause() throws {
        let script = Script(words: [(" one", 1, 1.3), (" two", 1.4, 1.7), (" three", 2.2, 2.5), (" four", 2.6, 2.9)])
        let outcome = Playback(script).run(script.sound(seconds: 6).samples)
        let stopped = try #require(
            outcome.told.firstIndex { if case .speechStopped = $0 { true } else { false } })
        let final = try #require(outcome.told.firstIndex { if case .final = $0 { true } else { false } })
        #expect(outcome.times[final] == outcome.times[stopped])
        #expect(outcome.finals.map(\.text) == ["one two three four"])
        // Once after "two", in vain, and once after "four".
        #expect(outcome.work.count { $0.purpose == .final } == 2)
    }

    @Test("a final may correct what was shown")
    func correction() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.recognize = { [line] work in
            work.purpose == .final ? .written(Toy.tokens(" something else")) : line.answer(work)
        }
        let outcome = playback.run(samples)
        #expect(outcome.finals.map(\.text) == ["something else"])
        #expect(outcome.faults(samples: samples.count) == [])
    }

    @Test("without corrections a final goes on where the stable text ends", arguments: CaptionSettings.Policy.allCases)
    func appendOnly(policy: CaptionSettings.Policy) {
        let samples = line.sound(seconds: 8).samples
        for seed in [nil, 1, 2, 3, 4, 5] as [UInt64?] {
            var playback = Playback(line)
            playback.settings.policy = policy
            playback.settings.corrections = false
            playback.seed = seed
            let outcome = playback.run(samples)
            #expect(outcome.faults(samples: samples.count, appendOnly: true) == [])
            #expect(outcome.finals.map(\.text) == ["one two three four five six seven eight"])
            #expect(outcome.work.allSatisfy { $0.purpose != .final })
            #expect(outcome.finals.allSatisfy { $0.confidence > 0.8 && $0.confidence <= 1 })
        }
    }

    @Test("without corrections text comes soon even if somebody never stops speaking")
    func appendOnlyLong() {
        let script = Script.line((0..<200).map { "word\($0)" })
        let samples = script.sound(seconds: 84).samples
        var playback = Playback(script)
        playback.settings.corrections = false
        var kept = 0.0
        playback.meanwhile = { session, _ in kept = max(kept, session.keptSeconds) }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count, appendOnly: true) == [])
        #expect(outcome.finals.count >= 4)
        #expect(kept < 32)
    }

    @Test(
        "takes back what was shown when nothing was said, and tells nobody when nothing was shown",
        arguments: [true, false])
    func nothingSaid(isShown: Bool) {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.recognize = { [line] work in
            work.purpose == .final || !isShown ? .written([]) : line.answer(work)
        }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.map(\.text) == (isShown ? [""] : []))
        #expect(outcome.told.contains(.dropped(.empty, shown: nil)))
    }

    @Test("an utterance that was shown and taken back while it was spoken has a final too")
    func takenBack() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        var windows = 0
        playback.recognize = { work in
            windows += 1
            return work.purpose == .final || windows > 1 ? .written([]) : .heard([(" hm", 0.4)])
        }
        let outcome = playback.run(samples)
        #expect(outcome.partials(0).last == Caption())
        #expect(outcome.finals.map(\.text) == [""])
    }

    @Test("text that is not believed is never shown, and the session goes on")
    func hallucination() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.recognize = { [line] work in
            var result = line.answer(work)
            result.compressionRatio = 5
            return result
        }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.isEmpty && outcome.partials(0).isEmpty)
        #expect(outcome.told.contains(.dropped(.repetition, shown: nil)))
    }

    @Test("a final that went wrong with the text before it is tried again without", arguments: [0.0, 15])
    func withoutContext(lead: Double) {
        let script = Script(words: line.words + [(" nine", 7, 7.3), (" ten", 7.4, 7.7)])
        let samples = script.sound(seconds: 10).samples
        func before(_ work: RecognitionWork) -> String {
            Toy.text((work.request.context + work.request.prefix).filter { !Toy.tokenizer.isSpecial($0) })
        }
        var playback = Playback(script)
        playback.settings.finalLead = lead
        playback.recognize = { work in
            var result = script.answer(work)
            if work.purpose == .final, !before(work).isEmpty { result.compressionRatio = 5 }
            return result
        }
        let outcome = playback.run(samples)
        #expect(outcome.finals.map(\.text) == ["one two three four five six seven eight", "nine ten"])
        let texts = outcome.work.filter { $0.purpose == .final }.map(before)
        #expect(texts == ["", line.text, ""])
        #expect(!outcome.told.contains(.dropped(.repetition, shown: nil)))
    }

    @Test(
        "what was heard of a text before is guessed of it",
        arguments: [CaptionSettings.Policy.alignAtt, .localAgreement])
    func drafts(policy: CaptionSettings.Policy) throws {
        let script = Script(words: line.words + [(" nine", 7, 7.3), (" ten", 7.4, 7.7)])
        var playback = Playback(script)
        playback.settings.policy = policy
        let outcome = playback.run(script.sound(seconds: 10).samples)
        let finals = outcome.work.filter { $0.purpose == .final }
        #expect(finals.count == 2)
        for (work, final) in zip(finals, outcome.finals) {
            let draft = Toy.text(work.request.draft).replacing("~", with: "")
            #expect(!draft.isEmpty && " \(final.text)".hasPrefix(draft))
        }
        // Live windows: what is not settled, which follows what is.
        let live = outcome.work.filter { $0.purpose != .final && $0.utterance == 0 && !$0.request.draft.isEmpty }
        #expect(live.count > 3)
        for work in live {
            let text = Toy.text(work.request.prefix + work.request.draft).replacing("~", with: "")
            #expect(line.text.hasPrefix(text))
        }
    }

    @Test("a final that leaves most out is tried again without the text before it")
    func leftOut() {
        let long = Script.line((0..<16).map { "letters\($0)" }, from: 6).words
        let script = Script(words: line.words + long)
        var playback = Playback(script)
        playback.recognize = { work in
            guard work.purpose == .final, !work.request.context.isEmpty || !work.request.prefix.isEmpty else {
                return script.answer(work)
            }
            return .timed([(" letters0", 0.2, 0.5), (" letters15", 6, 6.3)])
        }
        let outcome = playback.run(script.sound(seconds: 14).samples)
        #expect(outcome.finals.last?.text == String(Script(words: long).text.dropFirst()))
    }

    @Test("detects the language of each utterance, and tells it")
    func languages() {
        var script = line
        script.language = "ja"
        let samples = script.sound(seconds: 8).samples
        let outcome = Playback(script, language: nil).run(samples)
        #expect(outcome.finals.map(\.language) == ["ja"])
        #expect(outcome.work.first?.request.options.language == nil)
        // Once text was believed, live windows need not detect it again.
        #expect(outcome.work.filter { $0.purpose != .final }.last?.request.options.language == "ja")
        #expect(outcome.work.last { $0.purpose == .final }?.request.options.language == nil)
    }

    @Test("asks for the prompt, the hotwords and the language as they are configured meanwhile")
    func configure() {
        let script = Script(words: line.words + [(" nine", 7, 7.3), (" ten", 7.4, 7.7)])
        let samples = script.sound(seconds: 10).samples
        var playback = Playback(script)
        playback.meanwhile = { session, now in
            guard now > 6 else { return }
            session.configure {
                $0.language = "ko"
                $0.prompt = "A stream about tea"
                $0.hotwords = ["Sori", "matcha"]
            }
        }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.map(\.language) == ["en", "ko"])
        let options = outcome.work.map(\.request.options)
        #expect(options.first?.prompt == nil && options.first?.language == "en")
        #expect(options.last?.prompt == "A stream about tea" && options.last?.language == "ko")
        #expect(options.last?.hotwords == "Sori, matcha")
    }

    @Test("live windows come less often when they are stretched")
    func stretching() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        let usual = playback.run(samples).work.count
        playback.meanwhile = { session, _ in session.stretchHop(by: 3) }
        let stretched = playback.run(samples)
        #expect(stretched.work.count <= usual / 2)
        #expect(stretched.finals.map(\.text) == ["one two three four five six seven eight"])
    }
}
