extension String {
    /// Columns that the text takes on a terminal: two for Hangul, kana, Han characters, full-width forms and emoji,
    /// none for combining marks and controls, one for the rest.
    public var displayWidth: Int {
        reduce(0) { $0 + $1.displayWidth }
    }

    /// The text in at most so many columns: `…` takes the place of its middle when it is too wide.
    public func truncatedInMiddle(toWidth limit: Int) -> String {
        guard displayWidth > limit else { return self }
        guard limit > 0 else { return "" }
        let room = limit - 1
        let head = prefixFitting(room - room / 2)
        let tail = String(String(reversed()).prefixFitting(room - String(head).displayWidth).reversed())
        return head + "…" + tail
    }

    /// As many characters from the start as fit into so many columns.
    public func prefixFitting(_ limit: Int) -> String {
        var room = limit
        return String(
            prefix { character in
                room -= character.displayWidth
                return room >= 0
            })
    }
}

extension Character {
    /// Columns that the character takes on a terminal: 0, 1 or 2, and more only for rare ligatures.
    public var displayWidth: Int {
        let widths = unicodeScalars.lazy.map(\.displayWidth)
        // An emoji sequence is one picture, however many scalars it is made of.
        if unicodeScalars.count > 1, unicodeScalars.contains(where: { $0 == "\u{FE0F}" || $0 == "\u{200D}" }) {
            return unicodeScalars.contains { $0.properties.isEmoji } ? 2 : widths.reduce(0, +)
        }
        if unicodeScalars.contains(where: { $0.properties.isEmojiModifier || $0.isRegionalIndicator }) { return 2 }
        return widths.reduce(0, +)
    }
}

extension Unicode.Scalar {
    fileprivate var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }

    fileprivate var displayWidth: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .lineSeparator, .paragraphSeparator: return 0
        case .format: return self == "\u{AD}" ? 1 : 0
        default: break
        }
        if Self.jamoAfterTheFirst.contains(where: { $0.contains(value) }) { return 0 }
        return properties.isEmojiPresentation || isWide ? 2 : 1
    }

    /// Hangul vowels and finals written apart: a terminal draws them into the square of the first consonant.
    private static let jamoAfterTheFirst: [ClosedRange<UInt32>] = [0x1160...0x11FF, 0xD7B0...0xD7FF]

    /// Whether the scalar is wide or full-width and not an emoji
    /// (https://www.unicode.org/Public/UCD/latest/ucd/EastAsianWidth.txt, neighbouring ranges joined).
    private var isWide: Bool {
        guard value >= 0x1100 else { return false }
        return Self.wideRanges.contains { $0.contains(value) }
    }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // Hangul consonants
        0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F,  // angle brackets, trigrams, digrams
        0x2E80...0x303E,  // radicals, CJK punctuation
        0x3041...0x3247, 0x3250...0x4DBF,  // kana, Bopomofo, Hangul compatibility, squared forms, Han extension A
        0x4E00...0xA4CF,  // Han, Yi
        0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
        0xF900...0xFAFF,  // Han compatibility
        0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,  // vertical, small and full-width forms
        0x16FE0...0x18DFF,  // Tangut, Khitan
        0x1AFF0...0x1B2FF,  // kana extensions, Nushu
        0x1D300...0x1D376,  // Tai Xuan Jing, counting rods
        0x1F200...0x1F265,  // squared Han
        0x20000...0x2FFFD, 0x30000...0x3FFFD,  // Han extensions
    ]
}
