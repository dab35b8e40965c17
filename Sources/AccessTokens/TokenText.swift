/// A token as its holder has it: `sori_ID_SECRET`. The prefix lets scanners of published code find it.
package struct TokenText: Sendable, Equatable {
    /// Bytes of the secret, too many to be guessed: so a fast digest of it may be kept.
    private static let secretBytes = 32
    private static let idLength = 8
    private static let prefix = "sori_"

    /// Names the token in lists and logs. 8 letters and digits.
    package let id: String
    let secret: String

    /// A new one, by the system's own random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        id = String((0..<Self.idLength).compactMap { _ in letters.randomElement(using: &generator) })
        secret = RandomText.base64URL(bytes: Self.secretBytes)
    }

    /// - Returns: `nil` where the text is no such token.
    package init?(_ text: String) {
        guard text.utf8.count < 200, text.hasPrefix(Self.prefix) else { return nil }
        let rest = text.dropFirst(Self.prefix.count)
        guard let separator = rest.firstIndex(of: "_") else { return nil }
        id = String(rest[..<separator])
        secret = String(rest[rest.index(after: separator)...])
        guard !id.isEmpty, !secret.isEmpty else { return nil }
    }

    /// The whole of it, to be shown once.
    package var text: String { "\(Self.prefix)\(id)_\(secret)" }
}
