import Recognition
import Streaming
import WhisperText

/// An utterance of 9.6 s, and what a recogniser that hears well answers while it is spoken.
struct SpokenUtterance {
    /// One window's end and what was recognised in it.
    struct Window {
        var sound: Range<Int>
        var isLast: Bool
        var result: RecognitionResult
    }

    /// Samples from one window to the next.
    static let hop = 0.4.asSamples

    static let text = """
        it was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, \
        it was the epoch of belief
        """

    let tokenizer: Tokenizer
    /// The tokens and when each is heard, in seconds.
    private let spoken: [(token: Int, at: Double)]

    init() {
        var vocabulary = (UInt8.min...UInt8.max).map { [$0] }
        var spoken: [(token: Int, at: Double)] = []
        for (index, word) in Self.text.split(separator: " ").enumerated() {
            // As in a real vocabulary, a short word is one token and a long one two.
            for piece in word.count > 6 ? [" " + word.prefix(4), String(word.dropFirst(4))] : [" " + word] {
                spoken.append((vocabulary.count, 0.3 * Double(index + 1)))
                vocabulary.append(Array(piece.utf8))
            }
        }
        self.spoken = spoken
        tokenizer = Tokenizer(vocabulary: vocabulary, vocabularySize: 51_865)
    }

    /// What a policy that begins with this utterance is told of it.
    func windows(of policy: some StreamingPolicy) -> [Window] {
        var policy = policy
        return (1...24).compactMap { count in
            let sound = 0..<count * Self.hop
            let isLast = count == 24
            guard let plan = policy.window(of: sound, hop: Self.hop, isLast: isLast) else { return nil }
            let result = result(of: plan)
            policy.accept(result, of: plan)
            return Window(sound: sound, isLast: isLast, result: result)
        }
    }

    private func result(of plan: WindowPlan) -> RecognitionResult {
        let end = plan.range.upperBound.asSeconds - 0.1
        let heard = spoken.dropFirst(plan.prefix.count).prefix { $0.at < end }
        let tokens = heard.map { RecognitionResult.Token(id: $0.token, probability: 0.9, attendedAt: $0.at) }
        return RecognitionResult(
            text: tokenizer.decode(heard.map(\.token)), tokens: tokens, language: "en", averageLogProbability: -0.2,
            noSpeechProbability: 0, compressionRatio: 1, isComplete: plan.isLast)
    }
}
