package import SoriProtocol

/// Messages of a session on their way out. An acknowledgement, a final or a translation, and what comes after it, waits until the session is
/// stored as it is then: a client that has been told to forget sound can go on at another gateway, and an onlooker who comes
/// finds every final that was told before. A value.
package struct Outbox: Sendable {
    private var waiting: [ServerMessage] = []
    /// Messages that a record is being stored for.
    private var covered = 0
    /// Whether sessions are stored at all.
    private let isKept: Bool

    package init(isKept: Bool) { self.isKept = isKept }

    /// Whether messages wait for a record, and none is being stored.
    package var wantsRecord: Bool { covered == 0 && waiting.contains(where: \.needsRecord) }

    package mutating func add(_ message: ServerMessage) { waiting.append(message) }

    /// The messages that can be told now.
    package mutating func takeReady() -> [ServerMessage] {
        guard covered == 0 else { return [] }
        // Who has got everything needs no record any longer.
        let isOver = waiting.contains { if case .finished = $0 { true } else { false } }
        let end = isKept && !isOver ? waiting.firstIndex(where: \.needsRecord) ?? waiting.count : waiting.count
        defer { waiting.removeFirst(end) }
        return Array(waiting.prefix(end))
    }

    /// A record of now is being stored; it covers everything that waits.
    package mutating func beginRecord() { covered = waiting.count }

    /// The record is stored, or cannot be.
    ///
    /// - Returns: the messages that it covers, to be told before ``endRecord()``.
    package mutating func takeCovered() -> [ServerMessage] {
        defer { waiting.removeFirst(covered) }
        return Array(waiting.prefix(covered))
    }

    /// What was covered is told.
    package mutating func endRecord() { covered = 0 }
}

extension ServerMessage {
    fileprivate var needsRecord: Bool {
        switch self {
        case .ack, .final, .translation: true
        default: false
        }
    }
}
