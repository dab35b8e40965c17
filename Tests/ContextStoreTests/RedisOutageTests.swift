import ContextStore
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RedisTests {
    @Suite("that goes and comes back")
    struct OutageTests {
        @Test("with its data")
        func withData() async throws {
            let server = try await RedisServer("--appendonly", "yes", "--appendfsync", "always")
            let store = try server.store()
            let events = try await store.events(of: "a")
            let fence = try await store.create("a", owner: "o", record: [1])
            server.crash()
            #expect(await code { try await store.save([2], of: "a", fence: fence) } == .unreachable)
            try await server.start()
            try await until("it is there again") { try? await store.save([3], of: "a", fence: fence) }
            #expect(try await store.read("a")?.record == [3])
            try await hear(events, store)
        }

        @Test("without its data, and without its scripts")
        func withoutData() async throws {
            let server = try await RedisServer()
            let store = try server.store()
            let events = try await store.events(of: "a")
            let fence = try await store.create("a", owner: "o", record: [1])
            try await store.save([1], of: "a", fence: fence)
            server.crash()
            try await server.start()
            // Nothing was on its way, so nobody notices but by what is missing.
            #expect(await code { try await store.save([2], of: "a", fence: fence) } == .notFound)
            try await store.restore(StoredSession(session: "a", fence: fence, owner: "o", record: [2]))
            try await store.save([3], of: "a", fence: fence)
            #expect(try await store.read("a")?.record == [3])
            try await hear(events, store)
        }

        @Test("after it has been stopped for 3 s")
        func stopped() async throws {
            let server = try await RedisServer()
            let store = try server.store()
            let events = try await store.events(of: "a")
            let fence = try await store.create("a", owner: "o", record: [1])
            let start = ContinuousClock.now
            server.send(SIGSTOP)
            let error = await failure { try await store.save([2], of: "a", fence: fence) }
            #expect(error?.code == .unreachable && error?.message.contains("no answer within 1.0 s") == true)
            #expect((.now - start) < .seconds(2), "a request gives up after a second")
            // Many at once do not wait one after the other.
            let codes = await withTaskGroup(of: ContextStoreError.Code?.self) { group in
                for number in 0..<50 {
                    group.addTask { await code { try await store.save([UInt8(number)], of: "a", fence: fence) } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.allSatisfy { $0 == .unreachable })
            #expect((.now - start) < .seconds(3))
            // Comes back although nothing can be confirmed.
            let late = try await store.events(of: "b")
            try await Task.sleep(until: start + .seconds(3), clock: .continuous)
            server.send(SIGCONT)
            try await until("it is there again") { try? await store.save([200], of: "a", fence: fence) }
            #expect((.now - start) < .seconds(6))
            try await hear(events, store)
            try await hear(late, store, of: "b")
            // What was given up, and lay in closed connections until now, has not undone what came later.
            try await until("they are gone") {
                try server.command("INFO", "clients").contains("connected_clients:3\r") ? true : nil
            }
            #expect(try await store.read("a")?.record == [200])
        }

        @Test("while nothing is done, and is noticed by looking from time to time")
        func idle() async throws {
            let server = try await RedisServer()
            let store = try server.store(idle: .milliseconds(50))
            let events = try await store.events(of: "a")
            try await store.check()
            func pings() throws -> Int {
                let line = try server.command("INFO", "commandstats").split(separator: "\r\n")
                    .first { $0.hasPrefix("cmdstat_ping:calls=") }
                return line.flatMap { Int($0.dropFirst(19).prefix(while: \.isNumber)) } ?? 0
            }
            let before = try pings()
            try await until("both connections are looked at") { try pings() >= before + 6 ? true : nil }
            server.send(SIGSTOP)
            // The listening connection is given up although nobody has asked for anything.
            try await until("that is noticed") { await code { try await store.check() } == .unreachable ? true : nil }
            server.send(SIGCONT)
            try await until("it is there again") { try? await store.check() }
            try await hear(events, store)
        }

        @Test("of two stores, each hears the other after a restart")
        func two() async throws {
            let server = try await RedisServer(password: "pw")
            let (one, two) = (try server.store(), try server.store(server.socketAddress))
            let heardByOne = try await one.events(of: "a")
            let heardByTwo = try await two.events(of: "a")
            for _ in 0..<3 {
                server.crash()
                try await server.start()
                try await hear(heardByOne, two)
                try await hear(heardByTwo, one)
            }
        }

        /// Waits until a subscriber hears (again) what a store publishes.
        private func hear(
            _ events: StoreSubscription, _ store: RedisContextStore, of session: String = "a"
        ) async throws {
            let mark = Array(UUID().uuidString.utf8)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    for await event in events where event == mark { return true }
                    return false
                }
                group.addTask {
                    // What is published before Redis knows the subscriber again is lost, so again and again.
                    try await until("somebody hears") {
                        try? await store.publish(mark, of: session)
                        return Task.isCancelled ? true : nil
                    }
                    return false
                }
                let first = try await group.next()
                group.cancelAll()
                try #require(first == true)
            }
        }
    }
}
