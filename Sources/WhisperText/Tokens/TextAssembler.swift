/// Puts text together from the bytes of tokens, character by character.
///
/// A token may hold any part of a character: a Hangul syllable or an emoji is often spread over two or three. What
/// ``append(_:)`` gives out are whole characters only; the bytes of an unfinished one wait for the next token. All
/// pieces and the last ``flush()`` together are the text of all bytes at once.
public struct TextAssembler: Sendable {
    /// Bytes of a character that is not complete yet: at most three.
    private var pending: [UInt8] = []

    /// Creates an assembler without any text.
    public init() {}

    /// Whether a character has begun and is not complete.
    public var isInsideCharacter: Bool { !pending.isEmpty }

    /// Takes the next bytes and returns the characters that are complete now; ill-formed bytes become U+FFFD.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        pending.append(contentsOf: bytes)
        let complete = pending.count - pending.lengthOfUnfinishedCharacter
        let text = String(decoding: pending[..<complete], as: UTF8.self)
        pending.removeFirst(complete)
        return text
    }

    /// Returns what is left, a U+FFFD if a character was never completed, and starts anew.
    public mutating func flush() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}

extension [UInt8] {
    /// How many bytes at the end begin a UTF-8 character that more bytes could complete: 0 to 3.
    ///
    /// Follows the table of well-formed sequences of the Unicode standard (table 3-7).
    fileprivate var lengthOfUnfinishedCharacter: Int {
        for length in 1...3 where length <= count {
            let lead = self[count - length]
            guard lead & 0b1100_0000 != 0b1000_0000 else { continue }
            let needed: Int
            let second: ClosedRange<UInt8>
            switch lead {
            case 0xc2...0xdf: (needed, second) = (2, 0x80...0xbf)
            case 0xe0: (needed, second) = (3, 0xa0...0xbf)
            case 0xed: (needed, second) = (3, 0x80...0x9f)
            case 0xe1...0xef: (needed, second) = (3, 0x80...0xbf)
            case 0xf0: (needed, second) = (4, 0x90...0xbf)
            case 0xf1...0xf3: (needed, second) = (4, 0x80...0xbf)
            case 0xf4: (needed, second) = (4, 0x80...0x8f)
            default: return 0
            }
            guard length < needed, length == 1 || second.contains(self[count - length + 1]) else { return 0 }
            return length
        }
        return 0
    }
}
