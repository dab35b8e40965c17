/// Notices text that stands twice. People repeat themselves, but not word for word at length; a small model that is given what
/// was said before does.
package enum RepeatedText {
    /// Words in a row that are no coincidence, and characters in scripts without spaces.
    private static let (words, characters) = (5, 10)

    /// Whether some of a text stands in it before, or in the text before it.
    package static func isIn(_ text: String, after before: String) -> Bool {
        let (text, before) = (units(of: text), units(of: before))
        // A text without spaces is counted by characters, whatever stood before it.
        guard text.isSpaced else {
            return repeats(text.characters, after: before.characters, length: Self.characters)
        }
        return repeats(text.words, after: before.words, length: Self.words)
    }

    private static func repeats<Unit: Hashable>(_ text: [Unit], after before: [Unit], length: Int) -> Bool {
        guard text.count >= length else { return false }
        func runs(_ units: [Unit]) -> [[Unit]] {
            units.count < length ? [] : (0...units.count - length).map { Array(units[$0..<$0 + length]) }
        }
        var known = Set(runs(before))
        for run in runs(text) where !known.insert(run).inserted { return true }
        return false
    }

    private struct Units {
        var words: [String]
        var characters: [Character]
        /// Whether words have a usual length, so that there are spaces between them.
        var isSpaced: Bool { words.count > 1 && characters.count <= words.count * 9 }
    }

    private static func units(of text: String) -> Units {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
            .map { String($0.filter { $0.isLetter || $0.isNumber }) }.filter { !$0.isEmpty }
        return Units(words: words, characters: words.flatMap { Array($0) })
    }
}
