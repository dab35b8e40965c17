import ContextStore
import Foundation
import SoriTesting
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that starts a Redis, one after the other, because some of it looks at the clock.
@Suite("A real Redis", .serialized, .timeLimit(.minutes(2)), .enabled(if: RedisServer.isInstalled))
struct RedisTests {
    @Suite("as a store")
    struct StoreTests {
        @Test("keeps the contract over TCP, with a password", arguments: ContextStoreContract.Clause.allCases)
        func tcp(clause: ContextStoreContract.Clause) async throws {
            let server = try await RedisServer(password: "hunter2")
            let life = clause == .forgets ? 0.6 : 60
            try await ContextStoreContract(
                server.store("\(server.address)/3", timeToLive: life),
                server.store("\(server.address)/3", timeToLive: life), timeToLive: life
            ) { try await Task.sleep(for: .seconds($0)) }.check(clause)
            #expect(try server.command("PING") == "PONG")
        }

        @Test("keeps the contract over a socket", arguments: ContextStoreContract.Clause.allCases)
        func socket(clause: ContextStoreContract.Clause) async throws {
            let server = try await RedisServer()
            let life = clause == .forgets ? 0.6 : 60
            try await ContextStoreContract(
                server.store(server.socketAddress, timeToLive: life), server.store(timeToLive: life), timeToLive: life
            ) { try await Task.sleep(for: .seconds($0)) }.check(clause)
        }

        @Test("leaves nothing behind when all sessions have expired")
        func leak() async throws {
            let server = try await RedisServer()
            let store = try server.store(timeToLive: 0.3)
            for number in 0..<20 { _ = try await store.create("s\(number)", owner: "o", record: [1]) }
            try await store.check()
            #expect(try server.command("DBSIZE") == "22")
            try await until("all is gone") { try server.command("DBSIZE") == "0" ? true : nil }
            // An index that is used goes on without those that have expired.
            _ = try await store.create("old", owner: "o", record: [1])
            let fence = try await store.create("new", owner: "o", record: [1])
            try await until("one has expired") {
                try await store.renew("new", fence: fence)
                return try server.command("ZCARD", RedisKeys.index) == "1" ? true : nil
            }
            #expect(try await store.sessions(limit: 10).map(\.session) == ["new"])
        }

        @Test("never touches what is not its own")
        func foreign() async throws {
            let server = try await RedisServer()
            let store = try server.store()
            try server.command("SET", RedisKeys.session("text"), "mine")
            try server.command("HSET", RedisKeys.session("hash"), "record", "mine", "fence", "1")
            try server.command("HSET", RedisKeys.session("newer"), "sori", "2", "record", "mine", "fence", "1")
            try server.command("HSET", RedisKeys.session("odd"), "sori", "1", "fence", "mine")
            for name in ["text", "hash", "newer", "odd"] {
                let key = RedisKeys.session(name)
                let before = try server.command("DUMP", key)
                let fence = Fence(1)
                let stored = StoredSession(session: name, fence: Fence(1 << 52), owner: "o", record: [])
                #expect(await code { try await store.create(name, owner: "o", record: []) } == .foreignData)
                #expect(await code { try await store.save([], of: name, fence: fence) } == .foreignData)
                #expect(await code { try await store.renew(name, fence: fence) } == .foreignData)
                #expect(await code { try await store.takeOver(name, owner: "o") } == .foreignData)
                #expect(await code { try await store.restore(stored) } == .foreignData)
                #expect(await code { try await store.remove(name, fence: fence) } == .foreignData)
                let error = await failure { try await store.read(name) }
                #expect(error?.code == .foreignData && error?.message.contains(key) == true)
                #expect(try server.command("DUMP", key) == before && server.command("PTTL", key) == "-1")
            }
            #expect(try await store.sessions(limit: 10).isEmpty)
            try server.command("SET", RedisKeys.index, "mine")
            #expect(await code { try await store.sessions(limit: 10) } == .foreignData)
            #expect(await code { try await store.create("new", owner: "o", record: []) } == .foreignData)
            #expect(try server.command("GET", RedisKeys.index) == "mine")
            #expect(try server.command("EXISTS", RedisKeys.session("new")) == "0")
            try server.command("SET", RedisKeys.check, "mine")
            try await store.check()
            #expect(try server.command("GET", RedisKeys.check) == "mine")
        }

        @Test("does not let an older save undo a newer one")
        func revision() async throws {
            let server = try await RedisServer()
            let store = try server.store()
            let fence = try await store.create("a", owner: "o", record: [1])
            // As if this one had been given up, and were read by Redis only after a newer one.
            try server.command("HSET", RedisKeys.session("a"), "revision", "\(1 << 52)", "record", "newer")
            try await store.save([2], of: "a", fence: fence)
            try await store.restore(StoredSession(session: "a", fence: fence, owner: "o", record: [3]))
            #expect(try await store.read("a")?.record == Array("newer".utf8))
            // A new owner counts anew.
            let taken = try #require(try await store.takeOver("a", owner: "p"))
            try await store.save([4], of: "a", fence: taken.fence)
            #expect(try await store.read("a")?.record == [4])
        }

        @Test("lets its threads and connections go")
        func threads() async throws {
            let server = try await RedisServer()
            let before = Self.threads.count
            do {
                var stores: [RedisContextStore] = []
                for _ in 0..<5 {
                    let store = try server.store()
                    _ = try await store.events(of: "a")
                    try await store.check()
                    stores.append(store)
                }
                #expect(Self.threads.count == before + 10)
                // A connection that the other side has closed must not end the process.
                for thread in Self.threads {
                    let status = try String(contentsOfFile: "\(thread)/status", encoding: .utf8)
                    let blocked = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }?.split(
                        separator: "\t"
                    ).last
                    #expect(blocked.flatMap { UInt64($0, radix: 16) }.map { $0 >> (SIGPIPE - 1) & 1 } == 1)
                }
            }
            try await until("the threads end") { Self.threads.count == before ? true : nil }
            try await until("the connections end") {
                try server.command("INFO", "clients").contains("connected_clients:1\r") ? true : nil
            }
        }

        /// The folders of the threads of all stores.
        private static var threads: [String] {
            let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
            return tasks.map { "/proc/self/task/\($0)" }.filter { task in
                let name = try? String(contentsOfFile: "\(task)/comm", encoding: .utf8)
                return name?.hasPrefix("redis") == true
            }
        }
    }
}
