/// Where gateways keep what must outlive them: a record for each session, which has one owner at a time.
///
/// An owner is whoever got the newest ``Fence``, by ``create(_:owner:record:)`` or ``takeOver(_:owner:)``; whoever has an
/// older one can write no more. Sessions that are neither saved nor renewed within the store's time to live are forgotten.
///
/// Every method may also throw ``ContextStoreError/Code/badInput`` (see ``StoreLimits``),
/// ``ContextStoreError/Code/foreignData``, or an error whose code ``ContextStoreError/Code/isOutage``. After such an
/// error it is not known whether what was asked for is done.
package protocol ContextStore: Sendable {
    /// Stores the first record of a new session.
    ///
    /// - Throws: ``ContextStoreError/Code/alreadyExists``.
    func create(_ session: String, owner: String, record: [UInt8]) async throws(ContextStoreError) -> Fence

    /// Replaces the record, whole or not at all, and renews the time to live. Returns when that is done.
    ///
    /// An owner makes one call after the other for a session: which of two at the same time is the last is not said.
    /// - Throws: ``ContextStoreError/Code/fenced``, ``ContextStoreError/Code/notFound``.
    func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError)

    /// Renews the time to live of a session in which nothing happens.
    ///
    /// - Throws: ``ContextStoreError/Code/fenced``, ``ContextStoreError/Code/notFound``.
    func renew(_ session: String, fence: Fence) async throws(ContextStoreError)

    /// Makes somebody the owner and tells everybody; what the former owner saves from then on is refused.
    ///
    /// - Returns: the session with its new fence; `nil` when there is none.
    func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession?

    /// Stores a session again that the store may have lost, under the fence that its owner got before.
    ///
    /// - Throws: ``ContextStoreError/Code/fenced`` when the store knows a newer fence.
    func restore(_ stored: StoredSession) async throws(ContextStoreError)

    /// Looks at a session, which keeps its owner; `nil` when there is none.
    func read(_ session: String) async throws(ContextStoreError) -> StoredSession?

    /// Forgets a session; nothing happens when there is none.
    ///
    /// - Throws: ``ContextStoreError/Code/fenced``.
    func remove(_ session: String, fence: Fence) async throws(ContextStoreError)

    /// Some of the sessions, those that expire first in front.
    ///
    /// - Parameter limit: how many at most; ``StoreLimits/list`` bounds it further.
    func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary]

    /// Tells those who are subscribed to a session's events, at whatever gateway.
    ///
    /// Who subscribes later, or is not connected, misses it. The session need not be stored.
    func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError)

    /// Lets a subscription hear what is told on a channel, until it ends.
    ///
    /// Returns when it hears; while the store is out of order at once, and it will hear when the store is back.
    func subscribe(_ subscription: StoreSubscription, to channel: StoreChannel) async throws(ContextStoreError)

    /// Finds out whether the store can be written to now.
    func check() async throws(ContextStoreError)
}

extension ContextStore {
    /// Events of a session from now on.
    ///
    /// - Parameter buffer: events that may wait for the subscriber, at least 1; of more, the oldest are lost.
    package func events(
        of session: String, buffer: Int = StoreSubscription.standardBuffer
    ) async throws(ContextStoreError) -> StoreSubscription {
        let subscription = StoreSubscription(buffer: buffer)
        try await subscribe(subscription, to: .events(session))
        return subscription
    }

    /// New owners of a session from now on, so that its former owner hears at once.
    package func takeovers(of session: String) async throws(ContextStoreError) -> Takeovers {
        let subscription = StoreSubscription()
        try await subscribe(subscription, to: .takeovers(session))
        return Takeovers(subscription)
    }
}
