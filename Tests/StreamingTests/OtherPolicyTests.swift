import Recognition
import Streaming
import Testing
import WhisperText

@Suite("LocalAgreement")
struct LocalAgreementTests {
    private var policy = LocalAgreement(tokenizer: Toy.tokenizer)

    @Test("settles what two windows in a row say")
    mutating func agreement() {
        policy.hear(upTo: 1, [(" one", 0.3), (" two", 0.6), (" tree", 0.9)])
        #expect(policy.caption == Caption(stable: "", tentative: " one two tree"))
        policy.hear(upTo: 1.5, [(" one", 0.3), (" two", 0.6), (" three", 0.9), (" for", 1.4)])
        #expect(policy.caption == Caption(stable: " one two", tentative: " three for"))
        policy.hear(upTo: 2, [(" three", 0.9), (" four", 1.4)])
        #expect(policy.caption == Caption(stable: " one two three", tentative: " four"))
    }

    @Test("settles nothing while windows differ from the first word on")
    mutating func disagreement() {
        policy.hear(upTo: 1, [(" one", 0.3), (" two", 0.6)])
        policy.hear(upTo: 1.5, [(" won", 0.3), (" two", 0.6)])
        #expect(policy.caption == Caption(stable: "", tentative: " won two"))
    }

    @Test("does not take an empty window between two equal ones for agreement")
    mutating func emptyBetween() {
        policy.hear(upTo: 1, [(" one", 0.3)])
        policy.hear(upTo: 1.5, [])
        policy.hear(upTo: 2, [(" one", 0.3)])
        #expect(policy.caption == Caption(stable: "", tentative: " one"))
    }

    @Test("settles everything in the last window")
    mutating func last() {
        policy.hear(upTo: 1, [(" one", 0.3), (" two", 0.6)])
        policy.hear(upTo: 1, [(" one", 0.3), (" too", 0.6)], isLast: true)
        #expect(policy.caption == Caption(stable: " one too"))
    }

    @Test("gives settled text to the next window as its beginning")
    mutating func prefix() {
        policy.hear(upTo: 1, [(" one", 0.3)])
        policy.hear(upTo: 1.5, [(" one", 0.3)])
        let plan = policy.hear(upTo: 2, [(" two", 1)])
        #expect(plan.map { Toy.text($0.prefix) } == " one")
    }
}

@Suite("Sliding windows")
struct SlidingWindowTests {
    private var policy = SlidingWindow(tokenizer: Toy.tokenizer)

    private var text: String { policy.caption.stable + policy.caption.tentative }

    @Test("recognises 2 s each second, each window once")
    mutating func steps() {
        #expect(policy.window(of: 0..<31_999, hop: 0, isLast: false) == nil)
        #expect(policy.hear(0..<2.1, [])?.range == 0..<32_000)
        #expect(policy.hear(0..<2.9, []) == nil)
        #expect(policy.hear(0..<5.5, [])?.range == 16_000..<48_000)
        #expect(policy.hear(0..<5.5, [])?.range == 32_000..<64_000)
        #expect(policy.hear(0..<5.5, [])?.range == 48_000..<80_000)
        #expect(policy.hear(0..<5.5, []) == nil)
    }

    @Test("says once what two windows say alike")
    mutating func identical() {
        policy.hear(0..<2, [(" one", 0.2, 0.5), (" two", 0.7, 1), (" three", 1.2, 1.5), (" four", 1.6, 1.9)])
        #expect(policy.caption == Caption(stable: " one two", tentative: " three four"))
        policy.hear(0..<3, [(" three", 1.2, 1.5), (" four", 1.6, 1.9), (" five", 2.2, 2.6)])
        #expect(text == " one two three four five")
    }

    @Test("says once what two windows say alike at times that differ a little")
    mutating func shifted() {
        policy.hear(0..<2, [(" one", 0.2, 0.5), (" two", 0.6, 1.1), (" three", 1.2, 1.5)])
        policy.hear(0..<3, [(" two", 1.0, 1.3), (" three", 1.4, 1.8), (" four", 2.2, 2.6)])
        #expect(text == " one two three four")
    }

    @Test("does not say a word twice that lies on the border of two windows")
    mutating func border() {
        policy.hear(0..<2, [(" one", 0.2, 0.5), (" hello", 0.8, 1.16)])
        policy.hear(0..<3, [(" Hello", 1.0, 1.3), (" world", 1.5, 2)])
        #expect(text == " one hello world")
    }

    @Test("says a word twice that was said twice")
    mutating func repeatedWord() {
        policy.hear(0..<2, [(" no", 0.2, 0.4), (" no", 0.7, 0.9), (" no", 1.2, 1.4)])
        policy.hear(0..<3, [(" no", 1.2, 1.4), (" no", 1.8, 2.1), (" yes", 2.4, 2.6)])
        #expect(text == " no no no no yes")
    }

    @Test("takes each half from its window where two windows differ")
    mutating func differing() {
        policy.hear(0..<2, [(" a", 1.1, 1.3), (" b", 1.3, 1.5), (" c", 1.7, 1.9)])
        policy.hear(0..<3, [(" x", 1.1, 1.3), (" y", 1.3, 1.5), (" z", 1.7, 1.9), (" d", 2.1, 2.3)])
        #expect(text == " a b z d")
    }

    @Test("believes the later window about a word that the earlier one cut off")
    mutating func cutOff() {
        policy.hear(0..<2, [(" three", 1.2, 1.5), (" fo", 1.8, 2)])
        policy.hear(0..<3, [(" three", 1.2, 1.5), (" fourteen", 1.8, 2.3)])
        #expect(text == " three fourteen")
    }

    @Test("keeps words beside a mark that both windows have")
    mutating func marks() {
        policy.hear(0..<2, [(" Well", 0.6, 0.9), (".", 1.2, 1.25)])
        policy.hear(0..<3, [(" Yes", 1.1, 1.3), (".", 1.5, 1.55), (" No", 1.8, 2.1)])
        #expect(text.contains("Yes") && text.contains("No"))
    }

    @Test("joins Japanese, which has no spaces")
    mutating func japanese() {
        policy.hear(0..<2, [("今日", 0.2, 0.7), ("は", 0.8, 1.1), ("いい", 1.2, 1.5), ("天", 1.7, 1.9)], language: "ja")
        policy.hear(0..<3, [("いい", 1.2, 1.5), ("天気", 1.6, 2), ("です", 2.1, 2.5)], language: "ja")
        #expect(text == "今日はいい天気です")
    }

    @Test("gives the text before a window as its context")
    mutating func context() {
        policy.hear(0..<2, [(" one", 0.2, 0.5), (" two", 1.2, 1.5)])
        let plan = policy.window(of: 0..<48_000, hop: 0, isLast: false)
        #expect(plan.map { Toy.text($0.context) } == " one")
        #expect(plan?.wordTimestamps == true)
    }

    @Test("settles everything at the end, wherever the speech ends", arguments: [2.0, 2.4, 3.0, 3.3, 4.0, 4.9])
    mutating func end(length: Double) {
        let words = (0..<20).map { (text: " w\($0)", start: Double($0) * 0.4, end: Double($0) * 0.4 + 0.3) }
        // While it was spoken, more was heard than what turned out to be speech.
        for now in stride(from: 0.2, through: length + 0.5, by: 0.2) { hear(words, to: now) }
        var rounds = 0
        while hear(words, to: length, isLast: true), rounds < 10 { rounds += 1 }
        let whole = words.filter { $0.end <= length }.map(\.text).joined()
        #expect(policy.caption.stable.hasPrefix(whole))
        #expect(policy.caption.tentative == "")
        #expect(
            policy.caption.stable.split(separator: " ").count == Set(policy.caption.stable.split(separator: " ")).count)
        #expect(rounds < 10)
    }

    @Test("plans no window without sound")
    mutating func noEmptyWindow() {
        policy.hear(0..<2.4, [(" one", 0.2, 0.5), (" two", 1.2, 1.5)])
        policy.hear(0..<3.4, [(" two", 1.2, 1.5)])
        for _ in 0..<3 {
            guard let plan = policy.hear(0..<2.6, [], isLast: true) else { break }
            #expect(!plan.range.isEmpty)
        }
        #expect(policy.caption == Caption(stable: " one two"))
    }

    /// What a recogniser hears that knows the words; `true` if there was a window.
    @discardableResult
    private mutating func hear(
        _ words: [(text: String, start: Double, end: Double)], to end: Double, isLast: Bool = false
    ) -> Bool {
        guard let plan = policy.window(of: 0..<end.asSamples, hop: 0, isLast: isLast) else { return false }
        let (start, end) = (plan.range.lowerBound.asSeconds, plan.range.upperBound.asSeconds)
        let heard = words.filter { ($0.start + $0.end) / 2 >= start && $0.end <= end }
        policy.accept(.timed(heard.map { ($0.text, $0.start - start, $0.end - start) }), of: plan)
        return !(isLast && plan.isLast)
    }
}
