package import AccessTokens

/// Whose JSON Web Tokens are taken.
package struct SignedTokenSettings: Sendable {
    package var keys: String?
    package var secret: String?
    package var audience = "sori"

    package init() {}

    /// Whether any are.
    package var isOn: Bool { keys != nil || secret != nil }

    /// Reads the settings.
    package mutating func read(_ reader: inout SettingsReader) throws {
        try reader.text(
            "jwt.keys", "file with the keys (JSON Web Key Set) of those whose signed tokens are taken", &keys)
        try reader.text("jwt.secret", "secret shared with whoever signs tokens with HS256", &secret, isSecret: true)
        try reader.text("jwt.audience", "what signed tokens must have as their audience", &audience)
    }

    /// - Returns: `nil` for none.
    /// - Throws: `TokenFileError` when the keys cannot be used.
    package func verifier() async throws -> SignedTokens? {
        guard isOn else { return nil }
        return try await SignedTokens(keys: keys, secret: secret, audience: audience)
    }
}
