package import Recognition
package import Whisper

/// Settles a token once the alignment heads listen to it well before the window's end (AlignAtt, Papi et al. 2023).
///
/// The window grows with the sound. What is settled is forced upon the decoder, so it is neither decoded again nor changed.
package struct AlignAtt: StreamingPolicy {
    /// Positions before the end at which even tentative text stops: what is heard there is not spoken yet.
    private static let tentativeThreshold = 4
    /// A jump back of attention by so many seconds is a loop.
    private static let rewind = 4.0

    private var text: WindowText
    /// The words after the settled ones, as the last window had them.
    private var tentative: [WindowText.Settled] = []

    package init(tokenizer: Tokenizer, settings: PolicySettings = PolicySettings()) {
        text = WindowText(tokenizer: tokenizer, settings: settings)
    }

    package var caption: Caption {
        Caption(stable: text.text, tentative: tentative.map(\.word.text).joined())
    }

    package var words: [Word] { text.timedWords }

    package mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan? {
        text.window(of: sound, hop: hop, isLast: isLast, attentionThreshold: isLast ? 0 : Self.tentativeThreshold)
    }

    package mutating func accept(_ result: RecognitionResult, of plan: WindowPlan) {
        let heard = HeardText(
            result, in: plan, tokenizer: text.tokenizer, after: text.words.last?.heardAt, rewind: Self.rewind)
        let limit = plan.isLast ? Int.max : plan.range.upperBound - text.settings.attentionThreshold * 320
        let candidates = heard.settled(before: limit, isLast: plan.isLast)
        let settled = plan.isLast ? candidates : Array(certain(candidates, in: plan))
        text.settle(settled)
        tentative = Array(heard.words.dropFirst(settled.count))
    }

    /// The words up to the first one in doubt: one that the window before did not have, or that stands in a window with so
    /// little sound that the model is easily wrong. It is better heard again with more sound behind it.
    private func certain(_ words: [WindowText.Settled], in plan: WindowPlan) -> ArraySlice<WindowText.Settled> {
        let settings = text.settings
        let limit = plan.range.upperBound - settings.doubtThreshold * 320
        let isYoung = plan.range.count < settings.youngWindow.asSamples
        let doubtful = words.indices.first { index in
            let isSeenBefore = index < tentative.count && tentative[index].word.text == words[index].word.text
            return words[index].heardAt > limit && (isYoung || !isSeenBefore)
        }
        return words[..<(doubtful ?? words.endIndex)]
    }
}
