/// A session as it is stored.
package struct StoredSession: Sendable, Hashable {
    /// Its name; see ``StoreLimits/sessionLength``.
    package let session: String
    /// The newest fence.
    package let fence: Fence
    /// Who got that fence, for people to read.
    package let owner: String
    /// What was saved last.
    package let record: [UInt8]

    /// Creates a session from its parts.
    package init(session: String, fence: Fence, owner: String, record: [UInt8]) {
        self.session = session
        self.fence = fence
        self.owner = owner
        self.record = record
    }
}

/// What a list tells of a session.
package struct SessionSummary: Sendable, Hashable {
    /// Its name.
    package let session: String
    /// The newest fence.
    package let fence: Fence
    /// Who got that fence.
    package let owner: String
    /// Bytes of its record.
    package let size: Int
    /// When it was saved or taken over last, in seconds since 1970 on the store's clock.
    package let changedAt: Double
    /// Seconds until it is forgotten unless it is saved or renewed; at least 0.
    package let timeLeft: Double

    /// Creates a summary from its parts.
    package init(session: String, fence: Fence, owner: String, size: Int, changedAt: Double, timeLeft: Double) {
        self.session = session
        self.fence = fence
        self.owner = owner
        self.size = size
        self.changedAt = changedAt
        self.timeLeft = timeLeft
    }
}

/// Somebody has got a session: whoever has a smaller fence does not own it any longer.
package struct Takeover: Sendable, Hashable {
    /// The new fence.
    package let fence: Fence
    /// Who got it.
    package let owner: String

    /// Creates the news of a new owner.
    package init(fence: Fence, owner: String) {
        self.fence = fence
        self.owner = owner
    }

    /// Reads what ``bytes`` are; `nil` if it is something else.
    init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let value = Int(String(decoding: parts[0], as: UTF8.self)) else { return nil }
        fence = Fence(value)
        owner = String(decoding: parts[1], as: UTF8.self)
    }

    /// The fence in decimal digits, a space, and the owner, as it goes over a channel.
    var bytes: [UInt8] { Array("\(fence) \(owner)".utf8) }
}
