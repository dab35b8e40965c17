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

    package init(tokenizer: Tokenizer, settings: PolicySettings = PolicySettings(), lead: LeftContext? = nil) {
        text = WindowText(tokenizer: tokenizer, settings: settings, lead: lead)
    }

    package var caption: Caption { Caption(stable: text.text, tentative: tentative) }

    package var words: [Word] { text.timedWords }

    package mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan? {
        text.window(
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
        let settled = heard.settled(before: plan.isLast ? .max : limit(of: plan), isLast: plan.isLast)
        text.settle(settled, of: heard.words)
        tentative = heard.words.dropFirst(settled.count).map(\.word.text).joined()
    }

    /// Sample before which text is settled: the model is easily wrong about a window with little sound in it.
    private func limit(of plan: WindowPlan) -> Int {
        let settings = text.settings
        let isYoung = plan.range.count < settings.youngWindow.asSamples
        return plan.range.upperBound - (isYoung ? settings.youngThreshold : settings.attentionThreshold) * 320
    }
}
