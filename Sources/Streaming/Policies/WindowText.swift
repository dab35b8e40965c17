internal import WhisperText

/// The settled text of an utterance, as tokens, and the window that grows behind it: what ``AlignAtt`` and
/// ``LocalAgreement`` have in common.
///
/// The window begins at the utterance's start. When it gets too long, it loses sound at its front together with the words
/// that were heard there; these become context.
struct WindowText: Sendable {
    /// A settled word and the sample at which its last token was heard.
    struct Settled: Sendable, Equatable {
        var word: TokenizedWord
        var attendedAt: Int
        /// Mean of its tokens' probabilities.
        var probability: Float
    }

    let tokenizer: Tokenizer
    let settings: PolicySettings
    /// What windows begin with, as long as they are short.
    private var lead: LeftContext?
    /// All settled words of the utterance.
    private(set) var words: [Settled] = []
    /// How many of them were heard before the window.
    private var trimmedWords = 0
    /// First sample of the window; `nil` before the first one.
    private(set) var start: Int?
    /// Where the last planned window ended.
    private var plannedEnd: Int?
    /// Windows in a row that brought nothing new.
    private var windowsWithoutProgress = 0
    /// Windows in a row from the first one on that had no text at all.
    private var emptyWindows = 0

    init(tokenizer: Tokenizer, settings: PolicySettings, lead: LeftContext?) {
        self.tokenizer = tokenizer
        self.settings = settings
        self.lead = lead
    }

    /// Text of all settled words.
    var text: String { words.map(\.word.text).joined() }

    /// The settled words with times: each ends about where it was heard, and begins where the one before it ended.
    var timedWords: [Word] {
        words.enumerated().map { index, settled in
            let end = settled.attendedAt.asSeconds + 0.1
            let before = index > 0 ? words[index - 1].attendedAt.asSeconds + 0.1 : 0
            return Word(
                text: settled.word.text, start: min(end, max(before, end - 0.6)), end: end,
                probability: settled.probability)
        }
    }

    mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool, attentionThreshold: Int) -> WindowPlan? {
        guard isLast || sound.upperBound - (plannedEnd ?? sound.lowerBound) >= hop else { return nil }
        if let lead, (sound.upperBound - lead.start).asSeconds > settings.longestWindow { dropLeftContext() }
        // After three empty windows: the model takes the left context's text for all that is said.
        if emptyWindows >= 3, (sound.upperBound - sound.lowerBound).asSeconds > 2 { dropLeftContext() }
        let begin = start ?? lead?.start ?? sound.lowerBound
        // An utterance may be cut before what was heard of it while it was spoken.
        guard begin < sound.upperBound else { return nil }
        if isLast, let last = words.last, last.attendedAt >= sound.upperBound { return nil }
        // As long as there is a lead, the window begins with it.
        if lead == nil { start = begin }
        if (sound.upperBound - begin).asSeconds > settings.longestWindow {
            trim(toStartAfter: sound.upperBound - min(settings.trimmedWindow, settings.longestWindow / 2).asSamples)
        } else if windowsWithoutProgress >= 3, let last = words.last?.attendedAt,
            (sound.upperBound - last).asSeconds > 2.5
        {
            // The model takes the settled text for the end and writes nothing more: begin the window behind that text.
            trim(toStartAfter: last)
            windowsWithoutProgress = 0
        }
        plannedEnd = sound.upperBound
        return WindowPlan(
            range: (start ?? begin)..<sound.upperBound, lead: lead,
            context: tokens(words.prefix(trimmedWords)).suffix(TextContext.limit),
            prefix: tokens(words.dropFirst(trimmedWords)),
            attentionThreshold: attentionThreshold, isLast: isLast)
    }

    /// Takes the words that a window settled, out of all that it brought.
    mutating func settle(_ newer: [Settled], of heard: [Settled]) {
        emptyWindows = words.isEmpty && heard.isEmpty ? emptyWindows + 1 : 0
        windowsWithoutProgress = newer.isEmpty ? windowsWithoutProgress + 1 : 0
        words += newer
    }

    /// Whether a window writes what it begins with once more: heard where that was said. The windows after it do without.
    mutating func repeatsLead(_ heard: [Settled], of plan: WindowPlan) -> Bool {
        guard let lead = plan.lead, words.isEmpty, let first = heard.first, first.attendedAt < lead.end,
            lead.isRepeated(at: heard.map(\.word.text).joined(), tokenizer: tokenizer)
        else { return false }
        dropLeftContext()
        return true
    }

    mutating func dropLeftContext() {
        lead = nil
    }

    private func tokens(_ words: ArraySlice<Settled>) -> [Int] {
        words.flatMap(\.word.tokens)
    }

    /// Cuts the window's front, between two words where there are any.
    private mutating func trim(toStartAfter position: Int) {
        dropLeftContext()
        let inWindow = words.dropFirst(trimmedWords)
        let leaving = inWindow.prefix { $0.attendedAt <= position }
        trimmedWords += leaving.count
        let next = words.dropFirst(trimmedWords).first?.attendedAt
        guard let last = leaving.last?.attendedAt else {
            // Nothing was settled there; the final has all of the sound.
            start = max(start ?? 0, next.map { min(position, $0 - 0.5.asSamples) } ?? position)
            return
        }
        // Attention places a token around the middle of its sound.
        start = max(start ?? 0, last + min(0.2.asSamples, ((next ?? .max) - last) / 2))
    }
}
