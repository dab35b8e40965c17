import ContextStore

/// A store, what is behind it, and the means to let time pass.
struct ResilientScene: Sendable {
    let clock = ManualClock()
    let pauses = ManualPauses()
    let primary: FailingStore
    let store: ResilientContextStore

    init() {
        primary = FailingStore(clock: clock)
        let memory = MemoryContextStore(timeToLive: 60) { [clock] in clock.now }
        store = ResilientContextStore(
            primary, memory: memory, pauses: .seconds(1)...(.seconds(4)), wait: pauses.wait)
    }

    /// The next look at the store.
    func look() async throws { try await pauses.end { !store.isDegraded } }
}

/// What goes on in memory, with the store's own check left out, which fails in bad times.
struct SilentStore: ContextStore {
    private let store: ResilientContextStore

    init(_ scene: ResilientScene) {
        scene.primary.fail(.unreachable)
        store = scene.store
    }

    func create(_ session: String, owner: String, record: [UInt8]) async throws(ContextStoreError) -> Fence {
        try await store.create(session, owner: owner, record: record)
    }
    func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        try await store.save(record, of: session, fence: fence)
    }
    func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try await store.renew(session, fence: fence)
    }
    func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        try await store.takeOver(session, owner: owner)
    }
    func restore(_ stored: StoredSession) async throws(ContextStoreError) { try await store.restore(stored) }
    func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        try await store.read(session)
    }
    func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try await store.remove(session, fence: fence)
    }
    func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] {
        try await store.sessions(limit: limit)
    }
    func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        try await store.publish(event, of: session)
    }
    func subscribe(_ subscription: StoreSubscription, to channel: StoreChannel) async throws(ContextStoreError) {
        try await store.subscribe(subscription, to: channel)
    }
    func check() async throws(ContextStoreError) {}
}
