internal import WhisperText

/// Tells whether two texts are two spellings of the same words.
package enum TextLikeness {
    /// Whether half of the letters of both together stand in both in the same order.
    package static func isAlike(_ one: String, _ other: String) -> Bool {
        let (one, other) = (one.letters, other.letters)
        guard !one.isEmpty, !other.isEmpty else { return false }
        return 4 * common(one, other) >= one.count + other.count
    }

    /// Length of the longest row of letters that stand in both in the same order.
    private static func common(_ one: [Character], _ other: [Character]) -> Int {
        var above = [Int](repeating: 0, count: other.count + 1)
        for letter in one {
            var row = [0]
            for (column, second) in other.enumerated() {
                row.append(letter == second ? above[column] + 1 : max(above[column + 1], row[column]))
            }
            above = row
        }
        return above[other.count]
    }
}
