import ContextStore
import Testing

extension RedisTests {
    @Suite("behind a store that goes on without it")
    struct ResilientRedisTests {
        @Test("is killed, and comes back empty")
        func killed() async throws {
            let server = try await RedisServer()
            let store = ResilientContextStore(
                try server.store(), memory: MemoryContextStore(timeToLive: 60),
                pauses: .milliseconds(10)...(.milliseconds(50)))
            try await withThrowingTaskGroup { group in
                group.addTask { await store.run() }
                defer { group.cancelAll() }
                let record = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0) }
                let fence = try await store.create("a", owner: "here", record: [1])
                let events = try await store.events(of: "a")
                server.crash()
                try await store.save(record, of: "a", fence: fence)
                #expect(store.isDegraded)
                try await store.publish([7], of: "a")
                var iterator = events.makeAsyncIterator()
                #expect(await iterator.next() == [7])
                try await server.start()
                try await until("it is used again") { store.isDegraded ? nil : true }
                let elsewhere = try server.store()
                #expect(try await elsewhere.read("a")?.record == record)
                try await elsewhere.publish([8], of: "a")
                #expect(await iterator.next() == [8])
                let taken = try #require(try await elsewhere.takeOver("a", owner: "elsewhere"))
                #expect(taken.fence > fence)
                #expect(await code { try await store.save([2], of: "a", fence: fence) } == .fenced)
                #expect(!store.isDegraded)
            }
        }
    }
}
