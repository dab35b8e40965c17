/// What somebody may do, and within which limits.
package struct Grant: Sendable, Equatable {
    /// Names the token, without being secret; `nil` for everybody who needs no token, or shares one.
    package var holder: String?
    package var permission: Permission
    /// The only session that may be watched, by its id or its name, and the only name that sessions may have; `nil` for any.
    package var session: String?
    /// Sessions at a time; `nil` for the server's own limit.
    package var sessions: Int?

    package init(holder: String? = nil, permission: Permission, session: String? = nil, sessions: Int? = nil) {
        self.holder = holder
        self.permission = permission
        self.session = session
        self.sessions = sessions
    }

    /// What everybody may do who needs no token, or shares the only one.
    package static let everybody = Grant(permission: .speak)

    /// - Parameter session: the one that is meant; `nil` for none.
    package func allows(_ permission: Permission, session: String? = nil) -> Bool {
        guard self.permission.includes(permission) else { return false }
        // Which name a speaker's session gets is decided when it begins.
        return permission == .speak || self.session == nil || self.session == session
    }
}
