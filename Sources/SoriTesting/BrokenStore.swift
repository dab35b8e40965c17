package import ContextStore
internal import Locks

/// A store that can be out of order.
package final class BrokenStore: ContextStore {
    private let store: any ContextStore
    private let isBroken = Guarded(false)

    package init(_ store: any ContextStore) {
        self.store = store
    }

    /// Answers nobody from now on, or everybody again.
    package func set(isBroken: Bool) { self.isBroken.withLock { $0 = isBroken } }

    private func ask<Value: Sendable>(
        _ body: () async throws(ContextStoreError) -> Value
    ) async throws(ContextStoreError) -> Value {
        if isBroken.withLock(\.self) { throw ContextStoreError(.unreachable, "nobody answers; start the store") }
        return try await body()
    }

    package func create(_ session: String, owner: String, record: [UInt8]) async throws(ContextStoreError) -> Fence {
        try await ask { () async throws(ContextStoreError) in
            try await store.create(session, owner: owner, record: record)
        }
    }

    package func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in
            try await store.save(record, of: session, fence: fence)
        }
    }

    package func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in try await store.renew(session, fence: fence) }
    }

    package func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        try await ask { () async throws(ContextStoreError) in try await store.takeOver(session, owner: owner) }
    }

    package func restore(_ stored: StoredSession) async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in try await store.restore(stored) }
    }

    package func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        try await ask { () async throws(ContextStoreError) in try await store.read(session) }
    }

    package func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in try await store.remove(session, fence: fence) }
    }

    package func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] {
        try await ask { () async throws(ContextStoreError) in try await store.sessions(limit: limit) }
    }

    package func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in try await store.publish(event, of: session) }
    }

    package func subscribe(
        _ subscription: StoreSubscription, to channel: StoreChannel
    ) async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in try await store.subscribe(subscription, to: channel) }
    }

    package func check() async throws(ContextStoreError) {
        try await ask { () async throws(ContextStoreError) in try await store.check() }
    }
}
