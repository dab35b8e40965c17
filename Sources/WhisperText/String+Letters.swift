extension StringProtocol {
    /// The text without white space at its start.
    package var trimmingLeadingWhitespace: String { String(drop { $0.isWhitespace }) }

    /// The text without white space at either end.
    package var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// Lower case letters and digits of the text, to compare it whatever its spaces and marks.
    package var letters: [Character] { lowercased().filter { $0.isLetter || $0.isNumber } }
}
