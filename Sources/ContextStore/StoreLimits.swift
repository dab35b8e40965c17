/// What a store takes.
package struct StoreLimits: Sendable, Hashable {
    /// Bytes in the name of a session, which is made of ASCII letters, digits, `-`, `_` and `.`.
    package static let sessionLength = 1...128
    /// Bytes in the name of an owner.
    package static let ownerLength = 1...256

    /// Bytes of a record.
    package var record: Int
    /// Bytes of an event.
    package var event: Int
    /// Sessions that a store in memory keeps; Redis has a limit of its own (`maxmemory`).
    package var sessions: Int
    /// Subscriptions to one store at the same time.
    package var subscriptions: Int
    /// Sessions in one list, whatever is asked for.
    package var list: Int

    /// Creates limits; each is at least 1.
    package init(
        record: Int = 16 << 20, event: Int = 1 << 20, sessions: Int = 10_000, subscriptions: Int = 10_000,
        list: Int = 10_000
    ) {
        self.record = record
        self.event = event
        self.sessions = sessions
        self.subscriptions = subscriptions
        self.list = list
    }

    /// Checks the name of a session.
    func check(session: String) throws(ContextStoreError) {
        let isPlain = session.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard Self.sessionLength.contains(session.utf8.count), isPlain else {
            throw ContextStoreError(
                .badInput, "a session's name has 1 to 128 of the characters A-Z, a-z, 0-9, -, _ and .; choose another")
        }
    }

    /// Checks the name of an owner.
    func check(owner: String) throws(ContextStoreError) {
        guard Self.ownerLength.contains(owner.utf8.count) else {
            throw ContextStoreError(.badInput, "an owner's name has 1 to 256 bytes; choose another")
        }
    }

    /// Checks a fence.
    func check(fence: Fence) throws(ContextStoreError) {
        guard (1..<(1 << 53)).contains(fence.value) else {
            throw ContextStoreError(.badInput, "\(fence) is no fence; use the one that the store gave")
        }
    }

    /// Checks the size of a record.
    func check(record: [UInt8]) throws(ContextStoreError) {
        guard record.count <= self.record else {
            throw ContextStoreError(
                .badInput, "a record has \(record.count) bytes and may have \(self.record); keep less in it")
        }
    }

    /// Checks the size of an event.
    func check(event: [UInt8]) throws(ContextStoreError) {
        guard event.count <= self.event else {
            throw ContextStoreError(
                .badInput, "an event has \(event.count) bytes and may have \(self.event); keep less in it")
        }
    }

    /// How many sessions a list may have for whom asks for `limit`.
    func listed(_ limit: Int) -> Int { min(max(limit, 0), list) }

    /// The error of somebody who subscribes when all places are taken.
    var tooManySubscriptions: ContextStoreError {
        ContextStoreError(.overloaded, "\(subscriptions) subscriptions are open, which is the limit; try again later")
    }
}
