/// Text that is far too short for its sound: the model has left something out.
package enum SparseText {
    /// Fewer letters in a second, in this many seconds or more, are not all that was said. Slow readers say 10.
    private static let least = (lettersPerSecond: 5.0, seconds: 5.0)

    package static func isSparse(_ text: String, seconds: Double) -> Bool {
        seconds >= least.seconds && Double(letters(of: text)) < least.lettersPerSecond * seconds
    }

    /// Letters and digits; a letter of Hangul, kana or Han counts twice.
    package static func letters(of text: some Sequence<Character>) -> Int {
        text.reduce(0) { $0 + ($1.isLetter || $1.isNumber ? $1.isDense ? 2 : 1 : 0) }
    }
}

extension Character {
    /// Whether one character is a syllable or more: Hangul, kana, Han.
    package var isDense: Bool {
        guard let scalar = unicodeScalars.first?.value else { return false }
        return (0x3040...0x9FFF).contains(scalar) || (0xAC00...0xD7A3).contains(scalar) || scalar >= 0x20000
    }
}
