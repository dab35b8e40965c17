/// The names of everything that Sori keeps in Redis. All begin with `sori:` and the version of the format.
///
/// | name                     | what                                                                                |
/// |--------------------------|-------------------------------------------------------------------------------------|
/// | `sori:1:session:{ID}`    | hash with a time to live: `sori` (always 1), `fence`, `owner`, `record`,            |
/// |                          | `revision` (grows with each save), `changed` (milliseconds since 1970)              |
/// | `sori:1:sessions`        | sorted set of IDs by the millisecond in which they expire; expires with the last    |
/// | `sori:1:check`           | a string that lives for a second, written to see whether that is possible           |
/// | `sori:1:events:{ID}`     | channel: what is published of a session                                             |
/// | `sori:1:takeovers:{ID}`  | channel: new fence, a space, new owner                                              |
package enum RedisKeys {
    /// What all names begin with.
    package static let prefix = "sori:1:"
    /// What the names of sessions begin with.
    package static let sessionPrefix = prefix + "session:"
    /// The sorted set of all sessions.
    package static let index = prefix + "sessions"
    /// What is written to see whether that is possible.
    package static let check = prefix + "check"

    /// The hash of a session.
    package static func session(_ session: String) -> String { sessionPrefix + session }

    /// A channel.
    package static func channel(_ channel: StoreChannel) -> String {
        switch channel {
        case .events(let session): prefix + "events:" + session
        case .takeovers(let session): prefix + "takeovers:" + session
        }
    }
}
