package import Recognition
package import WhisperText

/// Writes all of an utterance anew with every window, and settles nothing until it is over.
///
/// For text that does not follow the order in which words are heard, such as a translation: where attention is says nothing
/// about how much of it is certain.
package struct WholeUtterance: StreamingPolicy {
    /// Part of the utterance that has to be new from one window to the next: windows get longer, and so come less often.
    private static let newPart = 0.125
    /// Seconds of the longest window; what is spoken after that shows in the final.
    private static let longest = 28.0

    private var text = ""
    private var plannedEnd: Int?

    package init() {}

    package var caption: Caption { Caption(tentative: text) }

    package var words: [Word] { [] }

    package mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan? {
        let new = max(hop, Int(Double(sound.count) * Self.newPart))
        guard !isLast, sound.upperBound - (plannedEnd ?? sound.lowerBound) >= new,
            sound.count.asSeconds <= Self.longest
        else { return nil }
        plannedEnd = sound.upperBound
        return WindowPlan(range: sound)
    }

    package mutating func accept(_ result: RecognitionResult, of plan: WindowPlan) {
        // A window without believable text leaves the former text as it is.
        if !result.text.isEmpty { text = result.text }
    }

    package mutating func dropLeftContext() {}
}
