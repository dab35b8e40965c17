import Recognition
import Streaming
import Testing
import WhisperText

@Suite("AlignAtt")
struct AlignAttTests {
    private var policy: AlignAtt

    init() {
        policy = AlignAtt(tokenizer: Toy.tokenizer)
    }

    @Test("settles only what is heard half a second before the window's end")
    mutating func threshold() {
        policy.hear(upTo: 2, [(" one", 0.5), (" two", 1.4), (" three", 1.6), (" four", 1.8)])
        #expect(policy.caption == Caption(stable: " one two", tentative: " three four"))
        #expect(policy.words.map(\.text) == [" one", " two"])
    }

    @Test("gives settled text to the next window as its beginning")
    mutating func prefix() {
        let first = policy.hear(upTo: 2, [(" one", 0.5), (" two", 1), (" three", 1.9)])
        let second = policy.hear(upTo: 2.5, [(" tree", 1.9), (" four", 2.4)])
        #expect(first?.prefix == [] && first?.range == 0..<32_000)
        #expect(second.map { Toy.text($0.prefix) } == " one two")
        #expect(second?.range == 0..<40_000 && second?.context == [])
        #expect(policy.caption == Caption(stable: " one two tree", tentative: " four"))
    }

    @Test("withholds the last word while more of it may come")
    mutating func halfWord() {
        policy.hear(upTo: 3, [(" one", 0.5), (" two", 1)])
        #expect(policy.caption == Caption(stable: " one", tentative: " two"))
        policy.hear(upTo: 3.4, [(" twofold", 1)], isComplete: true)
        #expect(policy.caption == Caption(stable: " one twofold", tentative: ""))
    }

    @Test("withholds a mark at the end until a word follows it")
    mutating func trailingMark() {
        policy.hear(upTo: 3, [(" Hello", 0.5), (".", 0.6)], isComplete: true)
        #expect(policy.caption == Caption(stable: " Hello", tentative: "."))
        policy.hear(upTo: 4, [(",", 0.6), (" you", 1), (".", 1.1)], isComplete: true)
        #expect(policy.caption == Caption(stable: " Hello, you", tentative: "."))
    }

    @Test("cuts a text where attention jumps back: it begins to loop")
    mutating func loop() {
        policy.hear(
            upTo: 9, [(" one", 1), (" two", 3), (" three", 6), (" one", 1), (" two", 3), (" three", 6)],
            isComplete: true)
        #expect(policy.caption.stable + policy.caption.tentative == " one two three")
    }

    @Test("cuts a text that starts all over behind what is settled")
    mutating func loopAfterPrefix() {
        policy.hear(upTo: 8, [(" one", 1), (" two", 3), (" three", 6), (" four", 7.8)])
        #expect(policy.caption.stable == " one two three")
        policy.hear(upTo: 8.4, [(" one", 1), (" two", 3), (" three", 6)], isComplete: true)
        #expect(policy.caption.stable == " one two three")
    }

    @Test("bears attention that looks back a little")
    mutating func littleJump() {
        policy.hear(upTo: 5, [(" one", 2), (" two", 1.5), (" three", 3)], isComplete: true)
        #expect(policy.caption.stable == " one two three")
        #expect(zip(policy.words, policy.words.dropFirst()).allSatisfy { $0.end <= $1.end && $0.start <= $1.start })
    }

    @Test("settles everything in the last window")
    mutating func lastWindow() {
        policy.hear(upTo: 2, [(" one", 0.5), (" two", 1.9)])
        let plan = policy.hear(upTo: 2, [(" two", 1.9), (".", 1.98)], isLast: true)
        #expect(plan?.isLast == true)
        #expect(policy.caption == Caption(stable: " one two."))
    }

    @Test("waits for new sound, but not at the end")
    mutating func hop() {
        #expect(policy.window(of: 0..<1599, hop: 1600, isLast: false) == nil)
        #expect(policy.window(of: 0..<1600, hop: 1600, isLast: false) != nil)
        #expect(policy.window(of: 0..<3199, hop: 1600, isLast: false) == nil)
        #expect(policy.window(of: 0..<1600, hop: 1600, isLast: true) != nil)
    }

    @Test("shows no half syllable, and waits for the rest of it")
    mutating func splitSyllable() {
        let bytes = Toy.tokens(" 안녕하세요")
        let half = bytes.dropLast(1).map { RecognitionResult.Token(id: $0, probability: 1, attendedAt: 0.5) }
        guard let plan = policy.window(of: 0..<32_000, hop: 0, isLast: false) else { return }
        var result = RecognitionResult.heard([], language: "ko", isComplete: true)
        result.tokens = half
        policy.accept(result, of: plan)
        #expect(!policy.caption.stable.contains("\u{fffd}") && !policy.caption.tentative.contains("\u{fffd}"))
        policy.hear(upTo: 3, [(" 안녕하세요", 0.5), (" 여러분", 1)], language: "ko")
        #expect(policy.caption == Caption(stable: " 안녕하세요", tentative: " 여러분"))
    }

    @Test("settles Japanese character by character, without spaces")
    mutating func japanese() {
        policy.hear(upTo: 2, [("今日", 0.5), ("は", 1), ("いい", 1.7)], language: "ja")
        #expect(policy.caption == Caption(stable: "今日は", tentative: "いい"))
    }

    @Test("leaves time tokens out of the text")
    mutating func timeTokens() {
        guard let plan = policy.window(of: 0..<32_000, hop: 0, isLast: false) else { return }
        var result = RecognitionResult.heard([(" one", 0.5), (" two", 0.8)], isComplete: true)
        result.tokens.insert(.init(id: Toy.time(0), probability: 1, attendedAt: 0), at: 0)
        policy.accept(result, of: plan)
        #expect(policy.caption.stable == " one two")
    }

    @Test("takes a window in which nothing was recognised")
    mutating func emptyResult() {
        policy.hear(upTo: 2, [(" one", 0.5), (" two", 1.9)])
        policy.hear(upTo: 2.5, [])
        #expect(policy.caption == Caption(stable: " one", tentative: ""))
    }

    @Test("gives words times that go forward and lie in the sound")
    mutating func wordTimes() {
        policy.hear(upTo: 5, [(" one", 0.5), (" two", 1), (" three", 1.1), (" four", 4)])
        #expect(policy.words.count == 4 - 1)
        #expect(policy.words.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= 5 })
        #expect(zip(policy.words, policy.words.dropFirst()).allSatisfy { $0.end <= $1.start + 0.001 })
    }

    @Test("settles less of a window with little sound")
    mutating func young() {
        for end in [1.1, 1.3, 1.45, 1.7] {
            policy.hear(upTo: end, [(" Ensure", 0.5), (" the", 0.6), (" period", end - 0.1)])
            #expect(policy.caption.stable == (end < 1.7 ? "" : " Ensure the"))
        }
        policy.hear(upTo: 2.4, [(" period", 1.7), (" was", 2.3)])
        #expect(policy.caption.stable == " Ensure the period")
    }
}

@Suite("Windows that grow too long")
struct TrimmingTests {
    /// A word every half second; a window brings those heard in it that are not settled.
    private func run(_ policy: inout AlignAtt, to end: Double, checking check: (WindowPlan, String) -> Void) {
        let words = (0..<60).map { (text: " w\($0)", at: Double($0) / 2 + 0.25) }
        for step in 1...Int(end * 2) {
            let now = Double(step) / 2
            guard let plan = policy.window(of: 0..<now.asSamples, hop: 1600, isLast: false) else { continue }
            let settled = policy.caption.stable.split(separator: " ").count
            check(plan, policy.caption.stable)
            let start = plan.range.lowerBound.asSeconds
            let heard = words.dropFirst(settled).filter { $0.at < now && $0.at >= start }
            policy.accept(.heard(heard.map { ($0.text, $0.at - start) }), of: plan)
        }
    }

    @Test("loses sound at the front together with its words, which become context: settled text never changes")
    func consistent() {
        var policy = AlignAtt(tokenizer: Toy.tokenizer)
        var before = ""
        run(&policy, to: 25) { plan, stable in
            #expect(stable.hasPrefix(before))
            before = stable
            #expect(plan.range.count <= 10.asSamples)
            let told = Toy.text(plan.context) + Toy.text(plan.prefix)
            #expect(stable.hasSuffix(told))
            #expect(plan.context.count <= 64)
        }
        #expect(policy.caption.stable.hasPrefix((0..<45).map { " w\($0)" }.joined()))
    }

    @Test("a window never begins after a word that is not settled")
    func nothingLost() {
        var policy = AlignAtt(tokenizer: Toy.tokenizer)
        run(&policy, to: 25) { plan, stable in
            let settled = Double(stable.split(separator: " ").count)
            #expect(plan.range.lowerBound.asSeconds <= settled / 2 + 0.25)
        }
    }

    @Test("begins anew behind its text when the model thinks that it has written all, and sound goes on")
    func windowsWithoutProgress() {
        var policy = AlignAtt(tokenizer: Toy.tokenizer)
        policy.hear(upTo: 2, [(" Chapter", 0.5), (" one", 1)], isComplete: true)
        for step in 1...4 { policy.hear(upTo: 2 + Double(step) * 0.5, [], isComplete: true) }
        let plan = policy.hear(upTo: 4.5, [(" It", 2), (" was", 2.5), (" dark", 4.4)])
        #expect(plan?.prefix == [])
        #expect(plan.map { Toy.text($0.context) } == " Chapter one")
        #expect((plan?.range.lowerBound ?? 0).asSeconds > 1)
        #expect(policy.caption == Caption(stable: " Chapter one It was", tentative: " dark"))
    }

    @Test("goes on with the newest sound when nothing was settled in a long window")
    func nothingSettled() {
        var policy = AlignAtt(tokenizer: Toy.tokenizer)
        for step in 1...30 { policy.hear(upTo: Double(step) * 0.5, []) }
        let plan = policy.window(of: 0..<16.asSamples, hop: 0, isLast: false)
        #expect(plan?.range.count ?? 0 <= 10.asSamples)
        #expect(policy.caption.isEmpty)
    }
}
