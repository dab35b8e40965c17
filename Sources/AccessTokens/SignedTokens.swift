package import Foundation
internal import JWTKit

/// Tokens that somebody else makes and signs: JSON Web Tokens (RFC 7519). The server keeps no list of them, so they cannot be revoked,
/// only expire.
///
/// Claims: `aud` has the server's audience; `exp`, and `nbf` where it is there, are in seconds since 1970; `sub` names the holder;
/// `permission` is `speak`, `watch` or `administer`; `session` is the only one that may be watched, and the only name
/// that sessions may have; `sessions` is the most at a time.
package struct SignedTokens: Sendable {
    /// Bytes of the shortest secret that is taken: RFC 7518, section 3.2 wants as many as the hash has.
    private static let shortestSecret = 32
    /// Bytes of the longest token.
    private static let longest = 8192

    private let keys: JWTKeyCollection
    private let audience: String

    /// - Parameters:
    ///   - keys: a file with a JSON Web Key Set (RFC 7517), each key with its `kid` and `alg`; `nil` for none.
    ///   - secret: of whoever signs with HS256; `nil` for none.
    ///   - audience: what `aud` must have.
    /// - Throws: ``TokenFileError`` when the keys cannot be used.
    package init(keys file: String?, secret: String?, audience: String) async throws {
        let keys = JWTKeyCollection()
        if let file {
            do {
                let set = try JSONDecoder().decode(JWKS.self, from: Data(contentsOf: URL(filePath: file)))
                // Without `alg` the first token that names the key would say which algorithm it is for, to all that follow.
                guard set.keys.allSatisfy({ $0.algorithm != nil }) else {
                    throw JWTError.invalidJWK(reason: "a key has no alg")
                }
                try await keys.add(jwks: set)
            } catch {
                throw TokenFileError(
                    .malformed,
                    "\(file) cannot be used as a JSON Web Key Set (\(error)); it has to be a file like "
                        + "{\"keys\":[{\"kid\":…,\"alg\":…}]} (RFC 7517)")
            }
        }
        if let secret {
            guard secret.utf8.count >= Self.shortestSecret else {
                throw TokenFileError(.malformed, "'jwt.secret' must have \(Self.shortestSecret) characters at least")
            }
            await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        }
        self.keys = keys
        self.audience = audience
    }

    /// Whether a text is written like such a token: three parts with dots between.
    package static func isOne(_ text: String) -> Bool { text.utf8.count { $0 == UInt8(ascii: ".") } == 2 }

    /// What a token grants; `nil` for nothing.
    package func grant(for text: String, at now: Date = Date()) async -> Grant? {
        guard text.utf8.count <= Self.longest, let claims = try? await keys.verify(text, as: Claims.self),
            (try? claims.check(audience: audience, at: now)) != nil
        else { return nil }
        return Grant(
            holder: "jwt:\(claims.sub.value)", permission: claims.permission, session: claims.session,
            sessions: claims.sessions)
    }
}

/// The claims of a token.
private struct Claims: JWTPayload {
    var aud: AudienceClaim
    var exp: ExpirationClaim
    var nbf: NotBeforeClaim?
    var sub: SubjectClaim
    var permission: Permission
    var session: String?
    var sessions: Int?

    /// The rest is checked with a clock, by ``check(audience:at:)``.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    func check(audience: String, at now: Date) throws {
        try aud.verifyIntendedAudience(includes: audience)
        try exp.verifyNotExpired(currentDate: now)
        try nbf?.verifyNotBefore(currentDate: now)
        if let sessions, sessions < 1 {
            throw JWTError.claimVerificationFailure(failedClaim: nil, reason: "sessions")
        }
    }
}
