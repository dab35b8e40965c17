internal import WhisperText

/// Joins the words of two windows that overlap.
enum WindowJoin {
    /// - Parameters:
    ///   - earlier: words of the earlier window that are still open.
    ///   - later: words of the later window.
    ///   - overlap: seconds at which the later window begins.
    /// - Returns: all words once, in order.
    static func join(_ earlier: [Word], _ later: [Word], overlap: Double) -> [Word] {
        guard let border = earlier.last?.end, !later.isEmpty else { return earlier + later }
        if let match = longestMatch(earlier, later) {
            // The words that both windows share are split in the middle: the first half from the earlier window, the second
            // from the later one.
            let half = match.count / 2
            return Array(earlier.prefix(match.earlier + half)) + later.dropFirst(match.later + half)
        }
        let middle = (overlap + border) / 2
        let kept = earlier.prefix { ($0.start + $0.end) / 2 < middle }
        return Array(kept) + later.drop { ($0.start + $0.end) / 2 < max(middle, kept.last?.end ?? 0) }
    }

    /// The longest run of words that both say at about the same time.
    private static func longestMatch(_ earlier: [Word], _ later: [Word]) -> (earlier: Int, later: Int, count: Int)? {
        var best: (earlier: Int, later: Int, count: Int)?
        for i in earlier.indices where !earlier[i].text.letters.isEmpty {
            for j in later.indices where abs(earlier[i].start - later[j].start) < 1 {
                let count = zip(earlier[i...], later[j...]).prefix { $0.text.letters == $1.text.letters }.count
                if count > best?.count ?? 0 { best = (i, j, count) }
            }
        }
        return best
    }

    /// Whether two words are the same but for marks and case.
    static func isSame(_ one: Word, _ other: Word) -> Bool { one.text.letters == other.text.letters }
}
