import ContextStore
import SoriTesting
import Testing

@Suite("The store in memory", .timeLimit(.minutes(1)))
struct MemoryStoreTests {
    @Test("keeps the contract", arguments: ContextStoreContract.Clause.allCases)
    func contract(clause: ContextStoreContract.Clause) async throws {
        let clock = ManualClock()
        let store = MemoryContextStore(timeToLive: 30) { clock.now }
        try await ContextStoreContract(store, store, timeToLive: 30) { clock.advance(by: $0) }.check(clause)
    }

    @Test("the contract notices a store that breaks it", arguments: ContextStoreContract.Clause.allCases)
    func broken(clause: ContextStoreContract.Clause) async throws {
        let clock = ManualClock()
        let store = BrokenStore(behind: MemoryContextStore(timeToLive: 30) { clock.now })
        await #expect(throws: ContextStoreContract.Violation.self) {
            try await ContextStoreContract(store, store, timeToLive: 30) { clock.advance(by: $0) }.check(clause)
        }
    }

    @Test("takes no more sessions than it may, and has room again when one is over or forgotten")
    func limit() async throws {
        let clock = ManualClock()
        let store = MemoryContextStore(timeToLive: 30, limits: StoreLimits(sessions: 2)) { clock.now }
        let first = try await store.create("a", owner: "o", record: [])
        _ = try await store.create("b", owner: "o", record: [])
        #expect(await code { try await store.create("c", owner: "o", record: []) } == .full)
        try await store.remove("a", fence: first)
        _ = try await store.create("c", owner: "o", record: [])
        #expect(await code { try await store.create("d", owner: "o", record: []) } == .full)
        clock.advance(by: 31)
        _ = try await store.create("d", owner: "o", record: [])
    }

    @Test("forgets subscribers that cancel, are cancelled, or go away")
    func subscribers() async throws {
        let store = MemoryContextStore(timeToLive: 30)
        do {
            _ = try await store.events(of: "a")
        }
        try await until("it is forgotten") { store.subscriptionCount == 0 ? true : nil }
        let subscription = try await store.events(of: "a")
        #expect(store.subscriptionCount == 1)
        subscription.cancel()
        #expect(store.subscriptionCount == 0)
        let other = try await store.events(of: "a")
        await withTaskGroup { group in
            group.addTask { for await _ in other {} }
            group.cancelAll()
        }
        #expect(store.subscriptionCount == 0)
        let late = StoreSubscription()
        late.cancel()
        try await store.subscribe(late, to: .events("a"))
        #expect(store.subscriptionCount == 0)
    }

    @Test("lets nobody subscribe without bounds")
    func manySubscribers() async throws {
        let store = MemoryContextStore(timeToLive: 30, limits: StoreLimits(subscriptions: 1))
        let first = try await store.events(of: "a")
        #expect(await code { try await store.events(of: "a") } == .overloaded)
        first.cancel()
        _ = try await store.events(of: "a")
    }

    @Test("fences grow even if the clock goes back")
    func clock() async throws {
        let clock = ManualClock()
        let store = MemoryContextStore(timeToLive: 3000) { clock.now }
        let first = try await store.create("a", owner: "o", record: [])
        clock.advance(by: -1000)
        let taken = try #require(try await store.takeOver("a", owner: "p"))
        #expect(taken.fence > first)
    }
}
