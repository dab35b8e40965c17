import ContextStore

/// A store that does everything wrong, and nothing that never ends.
struct BrokenStore: ContextStore {
    let behind: MemoryContextStore

    func create(_ session: String, owner: String, record: [UInt8]) async throws(ContextStoreError) -> Fence {
        let stored = StoredSession(session: session, fence: Fence(1), owner: "?", record: record + [0])
        try? await behind.restore(stored)
        return stored.fence
    }

    func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        let stored = StoredSession(session: session, fence: fence, owner: "?", record: record + [0])
        try? await behind.restore(stored)
    }

    func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {}

    func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        let stored = try await behind.takeOver(session, owner: owner)
        _ = try await behind.takeOver(session, owner: owner)
        return stored
    }

    func restore(_ stored: StoredSession) async throws(ContextStoreError) {
        try await save(stored.record, of: stored.session, fence: stored.fence)
    }

    func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        try await behind.read(session)
    }

    func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {}

    func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] { [] }

    func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        try await behind.publish(event + [1], of: session)
    }

    func subscribe(_ subscription: StoreSubscription, to channel: StoreChannel) async throws(ContextStoreError) {
        try await behind.subscribe(subscription, to: channel)
    }

    func check() async throws(ContextStoreError) {}
}
