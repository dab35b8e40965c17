package import Recognition
package import WhisperText

/// Settles the words on which two windows in a row agree (LocalAgreement-2, Macháček et al. 2023).
package struct LocalAgreement: StreamingPolicy {
    private var text: WindowText
    private var hypothesis: [WindowText.Settled] = []

    package init(tokenizer: Tokenizer, settings: PolicySettings = PolicySettings(), lead: LeftContext? = nil) {
        text = WindowText(tokenizer: tokenizer, settings: settings, lead: lead)
    }

    package var caption: Caption {
        Caption(stable: text.text, tentative: hypothesis.map(\.word.text).joined())
    }

    package var words: [Word] { text.timedWords }

    package mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan? {
        text.window(of: sound, hop: hop, isLast: isLast, attentionThreshold: 0)
    }

    package mutating func dropLeftContext() {
        text.dropLeftContext()
    }

    package mutating func accept(_ result: RecognitionResult, of plan: WindowPlan) {
        let heard = HeardText(
            result, in: plan, tokenizer: text.tokenizer, after: text.words.last?.attendedAt, rewind: .infinity)
        guard !text.repeatsLead(heard.words, of: plan) else {
            hypothesis = []
            return
        }
        let agreed = zip(heard.words, hypothesis).prefix { $0.word.text == $1.word.text }.count
        let settled = plan.isLast ? heard.words : Array(heard.words.prefix(agreed))
        text.settle(settled, of: heard.words)
        hypothesis = Array(heard.words.dropFirst(settled.count))
    }
}
