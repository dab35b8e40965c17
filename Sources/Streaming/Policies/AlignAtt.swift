package import Recognition
package import WhisperText

/// Settles a token once the alignment heads listen to it well before the window's end (AlignAtt, Papi et al. 2023).
///
/// The window grows with the sound. What is settled is forced upon the decoder, so it is neither decoded again nor changed.
package struct AlignAtt: StreamingPolicy {
    /// A jump back of attention by so many seconds is a loop.
    private static let rewind = 4.0

    private var text: WindowText
    private var tentative = ""
    /// What the window before has heard behind the settled text.
    private var unsettled: [String] = []
    /// Whether windows come often enough to wait for the next one.
    private var hasTimeForDoubt = true

    package init(tokenizer: Tokenizer, settings: PolicySettings = PolicySettings(), lead: LeftContext? = nil) {
        text = WindowText(tokenizer: tokenizer, settings: settings, lead: lead)
    }

    package var caption: Caption { Caption(stable: text.text, tentative: tentative) }

    package var words: [Word] { text.timedWords }

    package mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan? {
        hasTimeForDoubt = hop.asSeconds <= 1.2 * text.settings.hop
        return text.window(
            of: sound, hop: hop, isLast: isLast, attentionThreshold: isLast ? 0 : text.settings.tentativeThreshold)
    }

    package mutating func dropLeftContext() {
        text.dropLeftContext()
    }

    package mutating func accept(_ result: RecognitionResult, of plan: WindowPlan) {
        let heard = HeardText(
            result, in: plan, tokenizer: text.tokenizer, after: text.words.last?.attendedAt, rewind: Self.rewind)
        guard !text.repeatsLead(heard.words, of: plan) else {
            tentative = ""
            return
        }
        let limit = plan.isLast ? .max : limit(of: plan)
        var settled = heard.settled(before: limit, isLast: plan.isLast)
        if !plan.isLast, hasTimeForDoubt { settled = certain(settled, before: limit) }
        text.settle(settled, of: heard.words)
        unsettled = heard.words.dropFirst(settled.count).map(\.word.text)
        tentative = unsettled.joined()
    }

    /// The words up to the first one that is doubtful: of low probability, not heard by the window before, and new.
    private func certain(_ words: [WindowText.Settled], before limit: Int) -> [WindowText.Settled] {
        let old = limit - text.settings.longestDoubt.asSamples
        var count = 0
        for (index, word) in words.enumerated() {
            let isAgreed = index < unsettled.count && unsettled[index] == word.word.text
            guard isAgreed || word.probability >= Float(text.settings.doubt) || word.attendedAt <= old else { break }
            count += 1
        }
        return Array(words.prefix(count))
    }

    /// Sample before which text is settled: the model is easily wrong about a window with little sound in it.
    private func limit(of plan: WindowPlan) -> Int {
        let settings = text.settings
        let isYoung = plan.range.count < settings.youngWindow.asSamples
        return plan.range.upperBound - (isYoung ? settings.youngThreshold : settings.attentionThreshold) * 320
    }
}
