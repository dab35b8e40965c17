package import Whisper

/// The end of the utterance before, when it was just now: windows begin with its sound, and its text is forced upon the
/// decoder.
///
/// A model that hears how a sentence goes on is wrong less often than one that hears its second half alone: with it, windows
/// in which nothing was believed all but vanish, and finals come close to a recording that is decoded as a whole.
package struct Lead: Sendable, Equatable {
    /// Longest pause between the two utterances, in seconds.
    package static let longestPause = 1.5
    /// Sound before the first word, in seconds.
    private static let preRoll = 0.05

    /// First sample of its sound.
    package let start: Int
    /// Sample at which its last word ends.
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
        let words = before.words.drop { $0.start < before.range.upperBound.asSeconds - seconds }
        guard let first = words.first, let last = words.last else { return nil }
        self.start = max(before.range.lowerBound, (first.start - Self.preRoll).asSamples)
        end = min(last.end.asSamples, start)
        tokens = tokenizer.encode(words.map(\.text).joined())
    }
}
