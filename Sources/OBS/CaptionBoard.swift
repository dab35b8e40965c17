package import SoriProtocol
internal import Terminal

/// What a text source shows of a session: its newest lines, until nothing new has come for a while.
package struct CaptionBoard: Sendable {
    /// Which text of an utterance is shown.
    package enum Shown: String, Sendable, CaseIterable {
        case original, translation, both
    }

    package struct Settings: Sendable {
        /// Lines at most.
        package var lines = 2
        /// Columns of a line; a character of Hangul, kana or Han takes two.
        package var columns = 42
        /// Seconds without a new word after which nothing is shown; 0: it stays.
        package var clear = 8.0
        /// Whether text is shown that may still change.
        package var showsTentative = true
        /// Which text is shown. Of what is said in English, which has no translation, it is the original.
        package var shown = Shown.original

        package init() {}
    }

    /// After the connection is open, in which finals come that were said before.
    private static let replay = Duration.milliseconds(500)
    /// Captions for the stream that wait at most.
    private static let longestQueue = 20

    private struct Said {
        /// Number of the utterance; `nil` where its session is over.
        var utterance: Int?
        /// What is shown of it.
        var texts: [String]
        var isTranslated = false
    }

    private let settings: Settings
    private var finals: [Said] = []
    private var live: [Int: String] = [:]
    private var captions: [String] = []
    private var changedAt: ContinuousClock.Instant?
    private var connectedAt: ContinuousClock.Instant?
    /// Finals whose letters the stream's captions do not have.
    package private(set) var unsendable = 0

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Takes in what a session tells.
    package mutating func take(_ message: ServerMessage, at now: ContinuousClock.Instant) {
        let before = lines
        switch message {
        case .partial(let partial):
            guard settings.shown != .translation else { return }
            live[partial.utterance] = partial.stable + (settings.showsTentative ? partial.tentative : "")
        case .final(let final):
            live[final.utterance] = nil
            guard !final.text.isEmpty, !isReplay(at: now) else { break }
            let isShown = settings.shown != .translation || final.language == "en"
            finals.append(Said(utterance: final.utterance, texts: isShown ? [final.text] : []))
            // Those that wait for their translation show no lines yet.
            if finals.count > 2 * settings.lines { finals.removeFirst() }
            if isShown { queue(final.text) }
        case .translation(let translation):
            guard settings.shown != .original, !translation.text.isEmpty,
                let index = finals.firstIndex(where: { $0.utterance == translation.utterance && !$0.isTranslated })
            else { return }
            finals[index].isTranslated = true
            finals[index].texts.append(translation.text)
            queue(translation.text)
        case .finished: live = [:]
        default: return
        }
        if lines != before { changedAt = now }
    }

    /// Somebody begins to read along: what was said before is not shown.
    package mutating func connected(at now: ContinuousClock.Instant) { connectedAt = connectedAt ?? now }

    private func isReplay(at now: ContinuousClock.Instant) -> Bool {
        connectedAt.map { now - $0 < Self.replay } ?? false
    }

    /// Shows nothing until something new comes.
    package mutating func clear() { (finals, live) = ([], [:]) }

    /// Another session begins.
    package mutating func begin() {
        live = [:]
        for index in finals.indices { finals[index].utterance = nil }
    }

    /// The text to show now, its lines with line ends between them.
    package mutating func text(at now: ContinuousClock.Instant) -> String {
        if settings.clear > 0, let changedAt, now - changedAt >= .seconds(settings.clear) {
            // What is gone does not come back with the next word.
            (finals, live, self.changedAt) = ([], [:], nil)
        }
        return lines.joined(separator: "\n")
    }

    /// Captions for the stream since the last call.
    package mutating func takeCaptions() -> [String] {
        defer { captions = [] }
        return captions
    }

    private var lines: [String] {
        let texts = finals.flatMap(\.texts) + live.sorted { $0.key < $1.key }.map(\.value)
        let lines = texts.flatMap { text in
            let characters = Array(text)
            return TextWrapping.lines(characters, columns: settings.columns).map { String(characters[$0]) }
        }
        return Array(lines.filter { !$0.allSatisfy(\.isWhitespace) }.suffix(settings.lines))
    }

    /// CEA-608 has Latin letters only (ANSI/CTA-608-E, section 6.2).
    private mutating func queue(_ text: String) {
        guard text.unicodeScalars.allSatisfy({ $0.value < 0x180 || (0x2010...0x2027).contains($0.value) }) else {
            unsendable += 1
            return
        }
        captions = (captions + [text]).suffix(Self.longestQueue)
    }
}
