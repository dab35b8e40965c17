package import WhisperText

/// The end of the utterance before, when it was lately: windows begin with its sound, and its text is forced upon the
/// decoder.
///
/// A model that hears how a sentence goes on is wrong less often than one that hears its second half alone: with it, windows
/// in which nothing was believed all but vanish, and finals come close to a recording that is decoded as a whole.
///
/// Of a long pause between the two only the start and the end are heard. So positions in the lead are those that its sound
/// would have if it came right before the utterance.
package struct LeftContext: Sendable, Equatable {
    /// Longest pause between the two utterances, in seconds.
    package static let longestPause = 8.0
    /// Longest text: the model has room for 448 tokens in all.
    package static let mostTokens = 200
    /// Sound before the first word and after the last, in seconds.
    static let (preRoll, postRoll) = (0.05, 0.3)

    /// Its sound.
    package let sound: Range<Int>
    /// First sample of a window that begins with it.
    package let start: Int
    /// Sample of the window at which its last word ends.
    package let end: Int
    /// Its text.
    package let tokens: [Int]

    /// - Parameters:
    ///   - seconds: how much of the utterance before is wanted; whole words are taken.
    ///   - start: first sample of the utterance that follows.
    package init?(
        _ seconds: Double, of before: FinalCaption?, to start: Int, in language: String?, tokenizer: Tokenizer
    ) {
        // Where the language is to be found out, the other utterance must not decide it.
        guard let before, let language, before.language == language,
            (start - before.range.upperBound).asSeconds <= Self.longestPause
        else { return nil }
        var words = before.words.drop { $0.start < before.range.upperBound.asSeconds - seconds }
        var tokens = tokenizer.encode(words.map(\.text).joined())
        while tokens.count > Self.mostTokens {
            words.removeFirst()
            tokens = tokenizer.encode(words.map(\.text).joined())
        }
        guard let first = words.first, let last = words.last else { return nil }
        let begin = max(before.range.lowerBound, (first.start - Self.preRoll).asSamples)
        let wordsEnd = min(max(begin, last.end.asSamples), before.range.upperBound)
        sound = begin..<max(begin, min(start, wordsEnd + Self.postRoll.asSamples))
        self.start = start - sound.count
        end = min(start, self.start + (wordsEnd - begin))
        self.tokens = tokens
    }

    /// Whether a text begins with the end of the lead, or is nothing but a part of it: six letters or more, three in dense
    /// scripts.
    func isRepeated(at front: String, tokenizer: Tokenizer) -> Bool {
        let (said, front) = (tokenizer.decode(tokens).letters, front.letters)
        func isLong(_ text: some Sequence<Character>) -> Bool { SparseText.letters(of: text) >= 6 }
        return said.indices.contains { start in isLong(said[start...]) && front.starts(with: said[start...]) }
            || isLong(front) && said.contains(front)
    }
}
