internal import WhisperText

extension FinalPass {
    /// Takes away a phrase at the end that thanks or says goodbye, if there is no voice behind the word before it: models add
    /// one when a noise follows the last word.
    mutating func dropInaudibleTail(_ sound: SoundActivity, judge: HallucinationGuard, tokenizer: Tokenizer) {
        let count = SilencePhrases.tail(of: words.map(\.text))
        let kept = words.dropLast(count)
        // Word times can be used only if the words are exactly those of the text.
        guard count > 0, let last = kept.last, words.map(\.text).joined() == text else { return }
        let phrase = words.suffix(count).map(\.text).joined()
        let start = range.lowerBound.asSeconds
        let behind = last.end - start..<max(last.end, range.upperBound.asSeconds) - start
        guard !judge.isAudible(phrase, in: sound, at: behind) else { return }
        keepWords(Array(kept), tokenizer: tokenizer)
    }

    /// Takes away words at the end for which the sound has no time: models go on with a sentence that is cut off.
    ///
    /// - Returns: whether there were any, and something is left.
    mutating func dropCrowdedTail(tokenizer: Tokenizer) -> Bool {
        let kept = words.prefix(AttentionScatter.crowdedTail(of: words))
        guard kept.count < words.count, !kept.isEmpty, words.map(\.text).joined() == text else { return false }
        keepWords(Array(kept), tokenizer: tokenizer)
        return true
    }
}
