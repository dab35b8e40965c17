package import Recognition
package import WhisperText

/// Windows of one length that overlap, each recognised once. The text before a window is its context; where two windows
/// overlap, their words are joined by text, and by time where the texts differ.
package struct SlidingWindow: StreamingPolicy {
    private let tokenizer: Tokenizer
    private let settings: PolicySettings
    /// Words that no window will change.
    package private(set) var words: [Word] = []
    /// Words of the last window that the next one overlaps, in seconds of the session.
    private var open: [Word] = []
    /// Where the last window began and ended.
    private var last: Range<Int>?
    /// The window asked for last, and how far the sound reached: one that failed is asked for again with new sound only.
    private var asked: (start: Int, soundEnd: Int)?

    package init(tokenizer: Tokenizer, settings: PolicySettings = PolicySettings()) {
        self.tokenizer = tokenizer
        self.settings = settings
    }

    package var caption: Caption {
        Caption(stable: words.map(\.text).joined(), tentative: open.map(\.text).joined())
    }

    package mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan? {
        let length = settings.slidingWindow.asSamples
        let step = max(LoudnessGate.frame, length - settings.slidingOverlap.asSamples)
        let start = last.map { $0.lowerBound + step } ?? sound.lowerBound
        let isWhole = start + length <= sound.upperBound
        if isLast, let last, last.upperBound >= sound.upperBound {
            // All of it was heard; what came after belongs to the next utterance.
            words += open.prefix { ($0.start + $0.end) / 2 < sound.upperBound.asSeconds }
            open = []
            return nil
        }
        guard isWhole || isLast else { return nil }
        if !isLast, let asked, asked.start == start, sound.upperBound - asked.soundEnd < hop { return nil }
        asked = (start, sound.upperBound)
        let range = min(start, sound.upperBound)..<min(start + length, sound.upperBound)
        return WindowPlan(
            range: range, context: tokenizer.encode(caption.stable).suffix(TextContext.limit), wordTimestamps: true,
            isLast: isLast && range.upperBound == sound.upperBound)
    }

    /// Does nothing: windows of this policy have no left context, because they are short.
    package mutating func dropLeftContext() {}

    package mutating func accept(_ result: RecognitionResult, of plan: WindowPlan) {
        let offset = plan.range.lowerBound.asSeconds
        var newer = result.words.map {
            Word(text: $0.text, start: $0.start + offset, end: $0.end + offset, probability: $0.probability)
        }
        // A word across the border may have been settled already.
        if let first = newer.first, let before = words.last, first.start < before.end,
            WindowJoin.isSame(first, before)
        {
            newer.removeFirst()
        }
        let joined = WindowJoin.join(open, newer, overlap: plan.range.lowerBound.asSeconds)
        // The next window begins here; what is said before is not heard again.
        let border = plan.range.upperBound.asSeconds - settings.slidingOverlap
        let done = plan.isLast ? joined.count : joined.prefix { ($0.start + $0.end) / 2 < border }.count
        words += joined.prefix(done)
        last = plan.range
        open = Array(joined.dropFirst(done))
    }
}
