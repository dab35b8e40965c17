/// Cuts text into the pieces that byte pair encoding works on, as GPT-2 and Whisper do.
///
/// The same pieces as the regular expression
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
/// of https://github.com/openai/whisper/blob/main/whisper/tokenizer.py, written by hand so that it takes linear time.
/// Together the pieces are the whole text.
package struct WordScanner: Sequence, IteratorProtocol {
    private let text: String
    private var position: String.Index

    /// Starts at the beginning of `text`.
    package init(_ text: String) {
        self.text = text
        position = text.startIndex
    }

    /// The next piece, `nil` at the end.
    package mutating func next() -> Substring? {
        guard position < text.endIndex else { return nil }
        let start = position
        position = endOfWord(from: start)
        return text[start..<position]
    }

    private var scalars: String.UnicodeScalarView { text.unicodeScalars }

    private func endOfWord(from start: String.Index) -> String.Index {
        if let end = endOfContraction(from: start) { return end }
        let kind = Kind(scalars[start])
        guard kind == .space else { return endOfRun(of: kind, from: start) }

        let second = scalars.index(after: start)
        if scalars[start] == " ", second < scalars.endIndex, Kind(scalars[second]) != .space {
            return endOfRun(of: Kind(scalars[second]), from: second)
        }
        let end = endOfRun(of: .space, from: start)
        // White space in front of a word leaves its last character to that word.
        let last = scalars.index(before: end)
        return end == scalars.endIndex || last == start ? end : last
    }

    private func endOfRun(of kind: Kind, from start: String.Index) -> String.Index {
        var index = scalars.index(after: start)
        while index < scalars.endIndex, Kind(scalars[index]) == kind {
            index = scalars.index(after: index)
        }
        return index
    }

    /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` when one of them starts here.
    private func endOfContraction(from start: String.Index) -> String.Index? {
        guard scalars[start] == "'" else { return nil }
        let first = scalars.index(after: start)
        guard first < scalars.endIndex else { return nil }
        let second = scalars.index(after: first)
        switch scalars[first] {
        case "s", "t", "m", "d":
            return second
        case "r", "v":
            return second < scalars.endIndex && scalars[second] == "e" ? scalars.index(after: second) : nil
        case "l":
            return second < scalars.endIndex && scalars[second] == "l" ? scalars.index(after: second) : nil
        default:
            return nil
        }
    }
}

extension WordScanner {
    /// What the expression tells apart: `\p{L}`, `\p{N}`, `\s` and the rest.
    private enum Kind {
        case letter, number, space, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x41...0x5a, 0x61...0x7a: self = .letter
            case 0x30...0x39: self = .number
            case 0x09...0x0d, 0x20: self = .space
            case 0..<0x80: self = .other
            default: self.init(scalar.properties)
            }
        }

        private init(_ properties: Unicode.Scalar.Properties) {
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
            case .decimalNumber, .letterNumber, .otherNumber: self = .number
            default: self = properties.isWhitespace ? .space : .other
            }
        }
    }
}
