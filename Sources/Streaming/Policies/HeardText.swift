internal import Recognition
internal import WhisperText

/// The words that a window brought, and when each was heard.
struct HeardText: Sendable {
    /// Words with the sample at which they were heard.
    private(set) var words: [WindowText.Settled]
    /// Whether the last word is whole: the text ended by itself.
    private let isComplete: Bool

    /// - Parameters:
    ///   - settled: sample at which the text before was heard.
    ///   - rewind: seconds that attention may jump back; what comes after is a loop.
    init(_ result: RecognitionResult, in plan: WindowPlan, tokenizer: Tokenizer, after settled: Int?, rewind: Double) {
        var tokens: [Int] = []
        var attendedAt: [Int] = []
        var probabilities: [Float] = []
        var latest = max(0, ((settled ?? 0) - plan.range.lowerBound).asSeconds)
        var isCut = false
        for token in result.tokens where !tokenizer.isSpecial(token.id) {
            let at = token.attendedAt ?? 0
            guard at > latest - rewind else {
                isCut = true
                break
            }
            latest = max(latest, at)
            tokens.append(token.id)
            probabilities.append(token.probability)
            // Attention may jump back a little within a word; the times of words never go back.
            attendedAt.append(plan.range.lowerBound + latest.asSamples)
        }
        isComplete = result.isComplete && !isCut
        var position = 0
        words = tokenizer.splitIntoWords(tokens, language: result.language).map { word in
            let range = position..<position + word.tokens.count
            position = range.upperBound
            return WindowText.Settled(
                word: word, attendedAt: attendedAt[position - 1],
                probability: probabilities[range].reduce(0, +) / Float(range.count))
        }
        if let last = words.last, last.word.text.unicodeScalars.contains("\u{FFFD}") { words.removeLast() }
    }

    /// The words at the front that may be settled: heard before a sample, whole, and not just a mark that the model puts at
    /// the end of whatever it is given.
    func settled(before limit: Int, isLast: Bool) -> [WindowText.Settled] {
        if isLast { return words }
        var count = words.prefix { $0.attendedAt <= limit }.count
        // The last word may go on with the next token.
        if count == words.count, !isComplete, count > 0 { count -= 1 }
        while count > 0, isMark(words[count - 1]) { count -= 1 }
        return Array(words.prefix(count))
    }

    private func isMark(_ settled: WindowText.Settled) -> Bool {
        settled.word.text.allSatisfy { $0.isPunctuation || $0.isWhitespace }
    }
}
