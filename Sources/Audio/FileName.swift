import Foundation

/// File names as text that any bytes fit in: on Linux a name need not be UTF-8.
///
/// A byte that is not part of UTF-8 becomes a character in U+F780...U+F7FF, which is for private use, and goes back to
/// what it was when a file is opened. A name that has such a character already is taken apart in the same way, so that
/// every name comes back as it was.
public enum FileName {
    private static let base: UInt32 = 0xF700

    /// Text for a name's bytes.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        var rest = Array(bytes)[...]
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first,
                !isByte(scalar)
            {
                text.append(scalar)
                rest = rest.dropFirst(length)
            } else {
                // Only bytes from 0x80 on come here.
                if let scalar = Unicode.Scalar(base + UInt32(byte)) { text.append(scalar) }
                rest = rest.dropFirst()
            }
        }
        return String(text)
    }

    /// The bytes of a name, without a zero at the end.
    public static func bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            isByte(scalar) ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(UTF8.encode(scalar) ?? .init())
        }
    }

    /// A name as people may see it: U+FFFD for what is not UTF-8.
    public static func shown(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isByte) else { return text }
        return String(decoding: bytes(text), as: UTF8.self)
    }

    /// Calls `body` with the name as system calls take it.
    public static func withPath<Result>(_ text: String, _ body: (UnsafePointer<CChar>) throws -> Result) rethrows
        -> Result
    {
        let path = bytes(text).map { CChar(bitPattern: $0) } + [0]
        return try body(path)
    }

    /// The arguments of this process, of which Swift's own list has replaced what is not UTF-8.
    public static func arguments() -> [String] {
        (0..<Int(CommandLine.argc)).map { index in
            guard let argument = CommandLine.unsafeArgv[index] else { return "" }
            return text(UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) })
        }
    }

    /// Whether the name is UTF-8, so that everything can take it as it is.
    static func isText(_ text: String) -> Bool {
        !text.unicodeScalars.contains(where: isByte)
    }

    private static func isByte(_ scalar: Unicode.Scalar) -> Bool {
        (base + 0x80...base + 0xFF).contains(scalar.value)
    }
}
