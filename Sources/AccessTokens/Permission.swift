/// What a token lets its holder do; one kind each.
package enum Permission: String, Sendable, Codable, CaseIterable {
    /// Open sessions, resume them, and watch.
    case speak
    /// Read along in a session, or in any.
    case watch
    /// See and change everything at `/v1/admin`.
    case administer

    /// Whether whoever has this may do `other`: who speaks may also read.
    package func includes(_ other: Permission) -> Bool {
        self == other || (self == .speak && other == .watch)
    }
}
