internal import Recognition
internal import WhisperText

extension CaptionSession {
    /// Seconds before and after the moment that attention gives a word, within which it is spoken.
    private static let around = (before: 0.3, after: 0.4)

    /// Removes a closing phrase such as "Thank you." from the end of a live text, if no voice is heard where attention puts
    /// it.
    func dropInaudibleTail(of result: inout RecognitionResult, in plan: WindowPlan, of utterance: Utterance) {
        let spelled = result.tokens.filter { !tokenizer.isSpecial($0.id) }
        let before = plan.prefix.isEmpty ? [] : [tokenizer.decode(plan.prefix)]
        let words = tokenizer.splitIntoWords(spelled.map(\.id), language: result.language)
        // The text before the phrase may be settled already, so that the window holds nothing else.
        let count = SilencePhrases.tail(of: before + words.map(\.text))
        let kept = words.dropLast(count).reduce(0) { $0 + $1.tokens.count }
        let times = spelled.dropFirst(kept).compactMap(\.attendedAt)
        guard count > 0, count <= words.count, let first = times.min(), let last = times.max() else { return }
        let start = max(plan.range.lowerBound, utterance.start)
        let shift = (start - plan.range.lowerBound).asSeconds
        let range = first - shift - Self.around.before..<last - shift + Self.around.after
        let sound = SoundActivity(timeline.samples(in: start..<plan.range.upperBound))
        let phrase = words.suffix(count).map(\.text).joined()
        guard !settings.hallucinations.isAudible(phrase, in: sound, at: range) else { return }
        result.tokens = Array(spelled.prefix(kept))
        result.text = tokenizer.decode(result.tokens.map(\.id))
    }
}
