/// Where a text is broken so that each line fits into the columns of a terminal.
package enum TextWrapping {
    /// The characters of each line, in order. Spaces at a line's end belong to none.
    ///
    /// Lines end at spaces, and between kana or Han characters, but not before a mark that closes something. Hangul is
    /// broken like Latin, between words. A word that is wider than a line is broken anywhere.
    package static func lines(_ text: [Character], columns: Int) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        var opportunity: Int?
        var column = 0
        var index = 0
        while index < text.count {
            let width = text[index].displayWidth
            if column + width > columns, index > start, !text[index].isWhitespace {
                let end = opportunity ?? index
                lines.append(trimmed(start..<end, of: text))
                (start, index, column, opportunity) = (end, end, 0, nil)
                continue
            }
            column += width
            index += 1
            if mayBreak(before: index, in: text) { opportunity = index }
        }
        let last = trimmed(start..<text.count, of: text)
        return last.isEmpty && !lines.isEmpty ? lines : lines + [last]
    }

    private static func trimmed(_ range: Range<Int>, of text: [Character]) -> Range<Int> {
        var range = range
        while let last = range.last, text[last].isWhitespace { range = range.dropLast() }
        return range
    }

    private static func mayBreak(before index: Int, in text: [Character]) -> Bool {
        guard index < text.count else { return false }
        let (last, next) = (text[index - 1], text[index])
        if last.isWhitespace { return !next.isWhitespace }
        guard last.isSyllabic || next.isSyllabic else { return false }
        return !closing.contains(next) && !opening.contains(last)
    }

    /// What begins no line, and what ends none (https://www.w3.org/TR/jlreq/#line-start_character_prohibition).
    private static let closing = Set("、。，．・：；？！」』）］｝〕〉》】”’,.:;?!)]}…ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ")
    private static let opening = Set("「『（［｛〔〈《【“‘([{")
}

extension Character {
    /// Whether the character is of a script that writes no spaces between words: kana, Han, and their marks.
    fileprivate var isSyllabic: Bool {
        guard let value = unicodeScalars.first?.value else { return false }
        switch value {
        case 0x3130...0x318F: return false  // Hangul letters
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF9F, 0x20000...0x3FFFF: return true
        default: return false
        }
    }
}

extension String {
    /// The text on one line, without controls that would move the cursor or change colours.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isPrintable ? $0 : " " }))
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
        // Marks that turn the direction of writing round would do so for the rest of the line.
        case .format: !(0x202A...0x202E).contains(value) && !(0x2066...0x2069).contains(value)
        default: true
        }
    }
}
