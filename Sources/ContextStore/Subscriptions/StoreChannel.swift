/// What can be subscribed to.
package enum StoreChannel: Sendable, Hashable {
    /// What ``ContextStore/publish(_:of:)`` tells of a session.
    case events(String)
    /// New owners of a session.
    case takeovers(String)

    /// The session's name.
    package var session: String {
        switch self {
        case .events(let session), .takeovers(let session): session
        }
    }
}
