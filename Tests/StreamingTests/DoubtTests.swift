import Recognition
import Streaming
import Testing
import WhisperText

@Suite("Doubtful words")
struct DoubtTests {
    private var policy: AlignAtt

    init() {
        policy = AlignAtt(tokenizer: Toy.tokenizer)
    }

    private mutating func hear(
        upTo end: Double, isLast: Bool = false, hop: Double = 0.1,
        _ words: [(text: String, at: Double, probability: Float)]
    ) {
        guard let plan = policy.window(of: 0..<end.asSamples, hop: hop.asSamples, isLast: isLast) else { return }
        var result = RecognitionResult.heard(words.map { ($0.text, $0.at) })
        let probabilities = words.flatMap { word in Toy.tokens(word.text).map { _ in word.probability } }
        for (index, probability) in probabilities.enumerated() { result.tokens[index].probability = probability }
        policy.accept(result, of: plan)
    }

    @Test("a word of low probability waits, with all behind it, until the next window has it too")
    mutating func agreement() {
        hear(upTo: 4, [(" one", 0.5, 0.9), (" two", 3.2, 0.4), (" three", 3.4, 0.9), (" four", 3.8, 0.9)])
        #expect(policy.caption == Caption(stable: " one", tentative: " two three four"))
        hear(upTo: 4.5, [(" two", 3.2, 0.4), (" three", 3.4, 0.9), (" four", 3.8, 0.9), (" five", 4.3, 0.9)])
        #expect(policy.caption == Caption(stable: " one two three four", tentative: " five"))
    }

    @Test("where windows differ the newer one counts, once the word has waited for a second")
    mutating func disagreement() {
        hear(upTo: 4, [(" one", 0.5, 0.9), (" two", 3.2, 0.4), (" three", 3.4, 0.9)])
        hear(upTo: 4.4, [(" too", 3.2, 0.5), (" three", 3.4, 0.9)])
        #expect(policy.caption == Caption(stable: " one", tentative: " too three"))
        hear(upTo: 4.8, [(" true", 3.2, 0.5), (" three", 3.4, 0.9), (" four", 4.6, 0.9)])
        #expect(policy.caption == Caption(stable: " one true three", tentative: " four"))
    }

    @Test("words that are certain do not wait, and the last window settles all")
    mutating func certain() {
        hear(upTo: 4, [(" one", 3.2, 0.7), (" two", 3.4, 0.95), (" three", 3.8, 0.9)])
        #expect(policy.caption.stable == " one two")
        hear(upTo: 4, isLast: true, [(" three", 3.8, 0.1), (" four", 3.9, 0.1)])
        #expect(policy.caption == Caption(stable: " one two three four"))
    }

    @Test("on a busy machine nothing waits: the next window is far away")
    mutating func busy() {
        hear(upTo: 4, hop: 1, [(" one", 0.5, 0.9), (" two", 3.2, 0.4), (" three", 3.4, 0.9), (" four", 3.8, 0.9)])
        #expect(policy.caption == Caption(stable: " one two three", tentative: " four"))
    }
}
