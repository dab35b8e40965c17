internal import Crypto
package import Foundation

/// What is kept of a token: enough to know it again, too little to use it.
package struct TokenRecord: Sendable, Equatable, Codable {
    package let id: String
    /// Who has it, for people.
    package let note: String
    package let permission: Permission
    /// The only session that may be watched, and the only name that sessions may have; `nil` for any.
    package let session: String?
    /// Sessions at a time; `nil` for the server's own limit.
    package let sessions: Int?
    package let created: Date
    /// When it ends; `nil` for never.
    package let expires: Date?
    package private(set) var revoked: Date?
    private let salt: Data
    /// SHA-256 of salt and secret. A slow digest is for secrets that can be guessed; this one has 256 random bits.
    private let digest: Data

    package init(
        _ token: TokenText, note: String = "", permission: Permission, session: String? = nil, sessions: Int? = nil,
        created: Date, expires: Date? = nil
    ) {
        id = token.id
        self.note = note
        self.permission = permission
        self.session = session
        self.sessions = sessions
        self.created = created
        self.expires = expires
        salt = RandomText.bytes(16)
        digest = Self.digest(of: token.secret, salt: salt)
    }

    /// Why it lets nobody in at `now`; `nil` when it does.
    package func endedReason(at now: Date) -> String? {
        if let revoked, revoked <= now { return "revoked" }
        if let expires, expires <= now { return "expired" }
        return nil
    }

    package mutating func revoke(at now: Date) { revoked = revoked ?? now }

    /// What it grants to whoever shows `token` at `now`; `nil` for nothing.
    func grant(for token: TokenText, at now: Date) -> Grant? {
        // Comparing digests tells nothing of the secret, however long it takes.
        guard digest == Self.digest(of: token.secret, salt: salt), endedReason(at: now) == nil else { return nil }
        return Grant(holder: id, permission: permission, session: session, sessions: sessions)
    }

    private static func digest(of secret: String, salt: Data) -> Data {
        Data(SHA256.hash(data: salt + Data(secret.utf8)))
    }
}
