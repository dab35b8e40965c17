package import HTTPTypes

/// The token of an `Authorization: Bearer TOKEN` header (RFC 6750, section 2.1).
package struct BearerToken: Sendable {
    package let text: String

    /// - Returns: `nil` where the request has none.
    package init?(_ head: HTTPRequest) {
        guard let field = head.headerFields[.authorization], field.hasPrefix("Bearer ") else { return nil }
        text = String(field.dropFirst("Bearer ".count))
    }

    /// Whether it is this one, in a time that does not tell where they differ.
    package func isEqual(to token: String) -> Bool { Secret.isEqual(text, token) }
}
