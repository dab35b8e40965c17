internal import Foundation
internal import Locks

/// Keeps sessions in this process: for a single gateway, for tests, and for the time in which a better store is out of
/// order.
package final class MemoryContextStore: ContextStore {
    private struct State {
        var sessions: MemorySessions
        var subscribers = SubscriberTable<StoreChannel>()

        /// Under the lock, so that all subscribers hear everything in the same order.
        func tell(_ event: [UInt8], on channel: StoreChannel) {
            for sink in subscribers.sinks(of: channel) { sink.offer(event) }
        }

        func tell(_ stored: StoredSession) {
            tell(Takeover(fence: stored.fence, owner: stored.owner).bytes, on: .takeovers(stored.session))
        }
    }

    private let state: Guarded<State>
    private let limits: StoreLimits
    private let fences: GrowingNumbers
    private let now: @Sendable () -> Double

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - timeToLive: seconds until a session is forgotten, more than 0.
    ///   - now: the time in seconds since 1970.
    package init(
        timeToLive: Double, limits: StoreLimits = StoreLimits(),
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        state = Guarded(State(sessions: MemorySessions(timeToLive: timeToLive, limit: limits.sessions)))
        self.limits = limits
        self.now = now
        fences = GrowingNumbers(now: now)
    }

    package func create(
        _ session: String, owner: String, record: [UInt8]
    ) async throws(ContextStoreError) -> Fence {
        try limits.check(session: session)
        try limits.check(owner: owner)
        try limits.check(record: record)
        let fence = Fence(fences.next())
        try state.withLock { (state) throws(ContextStoreError) in
            try state.sessions.create(session, fence: fence, owner: owner, record: record, at: now())
        }
        return fence
    }

    package func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        try limits.check(session: session)
        try limits.check(fence: fence)
        try limits.check(record: record)
        try state.withLock { (state) throws(ContextStoreError) in
            try state.sessions.save(record, of: session, fence: fence, at: now())
        }
    }

    package func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try limits.check(session: session)
        try limits.check(fence: fence)
        try state.withLock { (state) throws(ContextStoreError) in
            try state.sessions.renew(session, fence: fence, at: now())
        }
    }

    package func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        try limits.check(session: session)
        try limits.check(owner: owner)
        let fence = Fence(fences.next())
        return state.withLock { state in
            let stored = state.sessions.takeOver(session, fence: fence, owner: owner, at: now())
            if let stored { state.tell(stored) }
            return stored
        }
    }

    package func restore(_ stored: StoredSession) async throws(ContextStoreError) {
        try limits.check(session: stored.session)
        try limits.check(owner: stored.owner)
        try limits.check(fence: stored.fence)
        try limits.check(record: stored.record)
        try state.withLock { (state) throws(ContextStoreError) in
            if try state.sessions.restore(stored, at: now()) { state.tell(stored) }
        }
    }

    package func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        try limits.check(session: session)
        return state.withLock { $0.sessions.read(session, at: now()) }
    }

    package func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try limits.check(session: session)
        try limits.check(fence: fence)
        try state.withLock { (state) throws(ContextStoreError) in
            try state.sessions.remove(session, fence: fence, at: now())
        }
    }

    package func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] {
        state.withLock { $0.sessions.list(limits.listed(limit), at: now()) }
    }

    package func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        try limits.check(session: session)
        try limits.check(event: event)
        state.withLock { $0.tell(event, on: .events(session)) }
    }

    package func subscribe(
        _ subscription: StoreSubscription, to channel: StoreChannel
    ) async throws(ContextStoreError) {
        try limits.check(session: channel.session)
        let sink = subscription.sink
        let number = try state.withLock { (state) throws(ContextStoreError) in
            guard state.subscribers.count < limits.subscriptions else { throw limits.tooManySubscriptions }
            return state.subscribers.add(sink, to: channel)
        }
        sink.whenEnded { [weak self] in
            self?.state.withLock { $0.subscribers.remove(number, from: channel) }
        }
    }

    package func check() async throws(ContextStoreError) {}

    /// Subscriptions that have not ended.
    package var subscriptionCount: Int { state.withLock { $0.subscribers.count } }
}
