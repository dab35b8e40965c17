package import WhisperText

/// A word of a window and when it is spoken.
package struct WordTiming: Sendable, Equatable {
    /// The word with the white space in front of it.
    package var text: String
    /// Number of tokens that spell it.
    package var tokens: Int
    /// Seconds from the start of the window.
    package var start: Double
    /// Seconds from the start of the window, not before ``start``.
    package var end: Double
    /// Mean probability of the word's tokens, 0...1.
    package var probability: Float

    /// Creates a timing from its parts.
    package init(text: String, tokens: Int, start: Double, end: Double, probability: Float) {
        self.text = text
        self.tokens = tokens
        self.start = start
        self.end = end
        self.probability = probability
    }

    /// Seconds from start to end.
    package var duration: Double { end - start }
}

extension [WordTiming] {
    /// Words with the times at which the decoder attended to them, as `find_alignment` of OpenAI's `whisper/timing.py` does it.
    ///
    /// - Parameters:
    ///   - words: the words of the text, in order. A last word for the end of the text has no time and is left out.
    ///   - attention: a row for the token before the text (`<|notimestamps|>`), and one for each token of the text. The row
    ///     before a token is the one that chose it, so a word starts with the row before its first token.
    ///   - probabilities: probability of each token of the text.
    package init(words: [TokenizedWord], attention: AttentionMatrix, probabilities: [Float]) {
        let firstFrames = attention.firstFrames()
        self = []
        var first = 0
        for word in words {
            let end = first + word.tokens.count
            guard end < firstFrames.count, end <= probabilities.count else { break }
            append(
                WordTiming(
                    text: word.text, tokens: word.tokens.count,
                    start: Double(firstFrames[first]) / 50, end: Double(firstFrames[end]) / 50,
                    probability: probabilities[first..<end].mean))
            first = end
        }
    }
}

extension ArraySlice<Float> {
    fileprivate var mean: Float { isEmpty ? 0 : reduce(0, +) / Float(count) }
}
