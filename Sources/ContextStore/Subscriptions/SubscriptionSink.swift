internal import Locks
internal import Synchronization

/// The end of a subscription at which events go in.
final class SubscriptionSink: Sendable {
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private let missed = Atomic(0)
    /// What is to be done at the end; `nil` after it.
    private let endings = Guarded<[@Sendable () -> Void]?>([])

    /// - Parameter continuation: of the subscriber's stream, which this ends.
    init(_ continuation: AsyncStream<[UInt8]>.Continuation) {
        self.continuation = continuation
        // A cycle on purpose: the stream breaks it when it ends, and it ends when nobody can read it any longer.
        continuation.onTermination = { _ in self.finish() }
    }

    /// Events that did not fit.
    var missedCount: Int { missed.load(ordering: .relaxed) }

    /// Puts an event in, in place of the oldest if there is no room.
    func offer(_ event: [UInt8]) {
        if case .dropped = continuation.yield(event) { missed.add(1, ordering: .relaxed) }
    }

    /// Ends the subscription after what waits.
    func end() { continuation.finish() }

    /// Has something done when the subscription ends, or now if it has ended.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let isOver = endings.withLock { endings in
            endings?.append(body)
            return endings == nil
        }
        if isOver { body() }
    }

    private func finish() {
        let bodies = endings.withLock { endings in
            defer { endings = nil }
            return endings ?? []
        }
        for body in bodies { body() }
    }
}
