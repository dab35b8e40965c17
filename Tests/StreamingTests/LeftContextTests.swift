import Recognition
import Streaming
import Testing
import WhisperText

@Suite("LeftContext: the end of the utterance before")
struct LeadTests {
    private let before = FinalCaption(
        utterance: 0, text: "one two three",
        words: [
            Word(text: " one", start: 1, end: 1.4, probability: 1),
            Word(text: " two", start: 2, end: 2.4, probability: 1),
            Word(text: " three", start: 3, end: 3.4, probability: 1),
        ],
        range: 0.7.asSamples..<3.6.asSamples, language: "en", confidence: 1)

    private func lead(_ seconds: Double, to start: Double = 4, in language: String? = "en") -> LeftContext? {
        LeftContext(seconds, of: before, to: start.asSamples, in: language, tokenizer: Toy.tokenizer)
    }

    @Test("is whole words and their sound")
    func words() throws {
        let some = try #require(lead(2))
        #expect(Toy.text(some.tokens) == " two three")
        #expect(some.sound == 1.95.asSamples..<3.7.asSamples)
        let all = try #require(lead(100))
        #expect(all.sound == 0.95.asSamples..<3.7.asSamples)
        let close = try #require(lead(2, to: 3.65))
        #expect(close.sound.upperBound == 3.65.asSamples)
    }

    @Test("is left out when the model takes its text for all that is said")
    func mute() throws {
        var policy = AlignAtt(tokenizer: Toy.tokenizer, lead: lead(2))
        func plan(upTo end: Double, _ words: [(text: String, at: Double)] = []) -> WindowPlan? {
            guard let plan = policy.window(of: 4.asSamples..<end.asSamples, hop: 0, isLast: false) else { return nil }
            policy.accept(.heard(words.map { ($0.text, $0.at - plan.range.lowerBound.asSeconds) }), of: plan)
            return plan
        }
        for step in 1...4 { #expect(plan(upTo: 4 + Double(step) * 0.5)?.lead != nil) }
        let next = plan(upTo: 6.5, [(" four", 4.5), (" five", 6.4)])
        #expect(next?.lead == nil && next?.range.lowerBound == 4.asSamples)
        #expect(policy.caption == Caption(stable: " four", tentative: " five"))
    }

    @Test("is not written once more", arguments: [true, false])
    func repeated(isAlignAtt: Bool) throws {
        func make() -> any StreamingPolicy {
            isAlignAtt
                ? AlignAtt(tokenizer: Toy.tokenizer, lead: lead(2))
                : LocalAgreement(tokenizer: Toy.tokenizer, lead: lead(2))
        }
        func play(_ policy: inout any StreamingPolicy, _ windows: [[(text: String, at: Double)]]) -> [WindowPlan] {
            windows.enumerated().compactMap { step, words in
                let end = (5 + Double(step)).asSamples
                guard let plan = policy.window(of: 4.asSamples..<end, hop: 0, isLast: false) else { return nil }
                policy.accept(.heard(words.map { ($0.text, $0.at - plan.range.lowerBound.asSeconds) }), of: plan)
                return plan
            }
        }
        // Heard where it was said before: a mistake of the model.
        var policy = make()
        let again: [(text: String, at: Double)] = [(" two", 2.4), (" three", 3.4), (" four", 4.5)]
        let plans = play(&policy, [again, [(" four", 4.5), (" five", 5.9)], [(" four", 4.5), (" five", 5.2)]])
        #expect(plans.map { $0.lead != nil } == [true, false, false])
        #expect((policy.caption.stable + policy.caption.tentative).hasPrefix(" four"))
        // Heard where it is said: somebody repeats himself.
        var other = make()
        _ = play(&other, [[(" two", 4.2), (" three", 4.5)]])
        #expect((other.caption.stable + other.caption.tentative).hasPrefix(" two three"))
    }

    @Test("leaves the model room for what follows")
    func room() throws {
        var long = before
        long.words = (0..<50).map { Word(text: " word\($0)", start: 1 + 0.05 * Double($0), end: 1.05, probability: 1) }
        let some = try #require(LeftContext(100, of: long, to: 4.asSamples, in: "en", tokenizer: Toy.tokenizer))
        #expect(some.tokens.count <= LeftContext.mostTokens && some.tokens.count > LeftContext.mostTokens - 10)
        #expect(Toy.text(some.tokens).hasSuffix(" word48 word49"))
    }

    @Test("of a long pause little is heard", arguments: [3.7, 4, 10])
    func pause(start: Double) throws {
        let late = try #require(lead(2, to: start))
        #expect(late.start == start.asSamples - 1.75.asSamples)
        #expect(late.end == start.asSamples - 0.3.asSamples)
    }

    @Test("is not there after a pause, in another language, and where the language is to be found out")
    func none() {
        #expect(lead(2, to: 3.6 + LeftContext.longestPause) != nil)
        #expect(lead(2, to: 3.7 + LeftContext.longestPause) == nil)
        #expect(lead(2, in: "ko") == nil)
        #expect(lead(2, in: nil) == nil)
        #expect(lead(0) == nil)
        #expect(lead(0.5) == nil, "the last word started before")
    }

    /// Two utterances, 0.8 s apart.
    private let script = Script(
        words: Script.line(["one", "two", "three", "four"]).words
            + Script.line(["five", "six", "seven"], from: 3.3).words)

    @Test("windows begin with it, and with its text", arguments: [CaptionSettings.Policy.alignAtt, .localAgreement])
    func windows(policy: CaptionSettings.Policy) throws {
        let samples = script.sound(seconds: 7).samples
        var playback = Playback(script)
        playback.settings.policy = policy
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.map(\.text) == ["one two three four", "five six seven"])
        #expect(outcome.partials(1).allSatisfy { !($0.stable + $0.tentative).contains("four") })
        let start = try #require(outcome.finals.last).range.lowerBound
        let windows = outcome.work.filter { $0.utterance == 1 }
        #expect(windows.contains { $0.purpose == .final } && windows.contains { $0.purpose != .final })
        for work in windows {
            #expect(work.end - work.request.samples.count < start - 1.asSamples)
            let text = Toy.text(work.request.prefix.filter { !Toy.tokenizer.isSpecial($0) })
            #expect(text.hasPrefix(" one two three four"))
            #expect(work.request.context.isEmpty, "the same text is not given twice")
        }
        // The final knows when the lead was said.
        let final = try #require(windows.last { $0.purpose == .final })
        #expect(final.request.prefix.first == Toy.time(0))
        #expect(final.request.prefix.suffix(2).allSatisfy(Toy.tokenizer.isTimestamp))
        let words = try #require(outcome.finals.last).words
        for (word, said) in zip(words, script.words.suffix(3)) { #expect(abs(word.start - said.start) < 0.01) }
    }

    @Test("is left out of a long window")
    func longWindow() {
        let script = Script(
            words: Script.line(["one", "two", "three", "four"]).words
                + Script.line((5...40).map { "word\($0)" }, from: 3.3).words)
        var playback = Playback(script)
        playback.settings.liveLead = 2
        let outcome = playback.run(script.sound(seconds: 20).samples)
        #expect(" " + outcome.text == script.text)
        let windows = outcome.work.filter { $0.utterance == 1 && $0.purpose != .final }
        let longest = windows.map(\.request.samples.count).max() ?? 0
        #expect(longest <= PolicySettings().longestWindow.asSamples)
        let text = Toy.text(windows.last?.request.prefix ?? [])
        #expect(!text.contains("four"))
    }

    @Test("is given up when what follows it cannot be believed")
    func givenUp() {
        var playback = Playback(script)
        playback.recognize = { [script] work in
            var result = script.answer(work)
            if Toy.text(work.request.prefix).contains("four") { result.compressionRatio = 9 }
            return result
        }
        let samples = script.sound(seconds: 7).samples
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.told.contains(.dropped(.repetition, shown: nil)))
        #expect(outcome.finals.map(\.text) == ["one two three four", "five six seven"])
        #expect(outcome.partials(1).contains { !($0.stable + $0.tentative).isEmpty })
    }

    @Test("is left out of a final that does not come to its end")
    func tooLong() {
        var playback = Playback(script)
        playback.recognize = { [script] work in
            var result = script.answer(work)
            if work.purpose == .final, !work.request.prefix.isEmpty {
                result = .timed([(" five", 3, 3.3)])
                result.isComplete = false
            }
            return result
        }
        let samples = script.sound(seconds: 7).samples
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.map(\.text) == ["one two three four", "five six seven"])
        let finals = outcome.work.filter { $0.utterance == 1 && $0.purpose == .final }
        #expect(finals.map { $0.request.prefix.isEmpty } == [false, true])
    }
}
