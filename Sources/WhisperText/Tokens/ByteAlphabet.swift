/// GPT-2's spelling of bytes as printable characters, used by `vocabulary.json`, `vocabulary.txt` and `tokenizer.json`.
///
/// Printable Latin-1 bytes stand for themselves; the other 68 stand at U+0100 and up, in order: a space is written `Ġ`.
/// Defined by `bytes_to_unicode` in https://github.com/openai/gpt-2/blob/master/src/encoder.py.
package enum ByteAlphabet {
    /// The byte that a scalar stands for, at the place of the scalar's value; the last is U+0143.
    private static let bytes: [UInt8?] = {
        var bytes: [UInt8?] = Array(repeating: nil, count: 0x144)
        var next = 0x100
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x21...0x7e, 0xa1...0xac, 0xae...0xff:
                bytes[Int(byte)] = byte
            default:
                bytes[next] = byte
                next += 1
            }
        }
        return bytes
    }()

    /// The bytes of a token spelled in this alphabet; `nil` when it holds a character that stands for no byte.
    package static func bytes(of spelling: String) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in spelling.unicodeScalars {
            guard scalar.value < bytes.count, let byte = bytes[Int(scalar.value)] else { return nil }
            result.append(byte)
        }
        return result
    }
}
