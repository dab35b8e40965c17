import ContextStore
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RedisTests {
    @Suite("in trouble")
    struct TroubleTests {
        @Test("a wrong password, or none, or one too many")
        func passwords() async throws {
            let server = try await RedisServer(password: "right")
            let open = try await RedisServer()
            let addresses = [
                "redis://:hunter2@127.0.0.1:\(server.port)", "redis://sori:hunter2@127.0.0.1:\(server.port)",
                "redis://127.0.0.1:\(server.port)", "redis://:hunter2@127.0.0.1:\(open.port)",
            ]
            for address in addresses {
                let error = await failure { try await server.store(address).check() }
                #expect(error?.code == .accessDenied, "\(address): \(String(describing: error))")
                #expect(error?.message.contains("hunter2") == false)
            }
            let listening = try server.store(addresses[0])
            // Who only listens finds out by check().
            let subscription = try await listening.events(of: "a")
            #expect(await code { try await listening.check() } == .accessDenied)
            subscription.cancel()
        }

        @Test("a user who may not do everything")
        func permissions() async throws {
            let server = try await RedisServer()
            try server.command("ACL", "SETUSER", "poor", "on", ">pw", "~sori:*", "+@all", "-@scripting")
            let store = try server.store("redis://poor:pw@127.0.0.1:\(server.port)")
            #expect(await code { try await store.read("a") } == .accessDenied)
            try server.command("ACL", "SETUSER", "good", "on", ">pw", "~sori:*", "&sori:*", "+@all", "-@dangerous")
            let good = try server.store("redis://good:pw@127.0.0.1:\(server.port)")
            let fence = try await good.create("a", owner: "o", record: [1])
            try await good.save([2], of: "a", fence: fence)
            let takeovers = try await good.takeovers(of: "a")
            _ = try await good.takeOver("a", owner: "p")
            var iterator = takeovers.makeAsyncIterator()
            #expect(await iterator.next()?.owner == "p")
            try await good.check()
        }

        @Test("a replica can be read, and not written")
        func replica() async throws {
            let server = try await RedisServer()
            let replica = try await RedisServer("--replicaof", "127.0.0.1 \(server.port)")
            let store = try server.store()
            let fence = try await store.create("a", owner: "o", record: [1])
            let copy = try replica.store()
            try await until("the replica has it") { try? await copy.read("a") }
            #expect(try await copy.sessions(limit: 10).map(\.session) == ["a"])
            #expect(await code { try await copy.save([2], of: "a", fence: fence) } == .readOnly)
            #expect(await code { try await copy.renew("a", fence: fence) } == .readOnly)
            #expect(await code { try await copy.takeOver("a", owner: "p") } == .readOnly)
            #expect(await code { try await copy.create("b", owner: "p", record: []) } == .readOnly)
            #expect(await code { try await copy.remove("a", fence: fence) } == .readOnly)
            #expect(await code { try await copy.check() } == .readOnly)
            #expect(try await store.read("a")?.record == [1])
        }

        @Test("without memory, records stay as they were, and sessions can be taken over and removed")
        func full() async throws {
            let server = try await RedisServer("--maxmemory", "6mb")
            let store = try server.store()
            let record = [UInt8](repeating: 7, count: 1_000_000)
            var fences: [Fence] = []
            let error = await failure {
                for number in 0..<20 {
                    fences.append(try await store.create("s\(number)", owner: "o", record: record))
                }
            }
            #expect(error?.code == .full && !fences.isEmpty, "\(String(describing: error))")
            try await until("it is full for small things, too") {
                _ = try? server.command("APPEND", "filling", String(repeating: "x", count: 10_000))
                return await code { try await store.check() } == .full ? true : nil
            }
            #expect(await code { try await store.save([1], of: "s0", fence: fences[0]) } == .full)
            #expect(try await store.read("s0")?.record == record)
            #expect(try server.command("EXISTS", RedisKeys.session("s\(fences.count)")) == "0")
            try await store.renew("s0", fence: fences[0])
            let taken = try #require(try await store.takeOver("s0", owner: "p"))
            #expect(taken.record == record)
            try await store.remove("s0", fence: taken.fence)
            try server.command("DEL", "filling")
            try await store.check()
        }

        @Test("nobody listens")
        func nobody() async throws {
            let port = try RedisServer.freePort()
            for address in ["redis://127.0.0.1:\(port)", "redis+unix:///nowhere/redis.sock"] {
                let store = try RedisContextStore(RedisOptions(RedisAddress(address)), timeToLive: 60)
                let error = await failure { try await store.read("a") }
                #expect(error?.code == .unreachable, "\(String(describing: error))")
                #expect(error?.message.contains(address) == true)
                // Comes at once, and hears when Redis is there.
                let subscription = try await store.events(of: "a")
                #expect(await code { try await store.publish([1], of: "a") } == .unreachable)
                subscription.cancel()
            }
        }

        @Test("still loading")
        func loading() async throws {
            let server = try await RedisServer(
                "--key-load-delay", "20000", "--loading-process-events-interval-bytes", "1024", "--rdbcompression", "no"
            )
            let store = try server.store()
            for number in 0..<40 {
                _ = try await store.create("s\(number)", owner: "o", record: [UInt8](repeating: 1, count: 2000))
            }
            try server.command("SAVE")
            server.crash()
            try await server.start(waits: false)
            try await until("it says so") { await code { try await store.read("s0") } == .loading ? true : nil }
            let stored = try await until("it is done") { try? await store.read("s39") }
            #expect(stored.record.count == 2000)
        }

        @Test("more requests than may wait")
        func overload() async throws {
            let server = try await RedisServer()
            let store = try RedisContextStore(
                RedisOptions(RedisAddress(server.address), queueLimit: 3), timeToLive: 60)
            try await store.check()
            server.send(SIGSTOP)
            let codes = await withTaskGroup(of: ContextStoreError.Code?.self) { group in
                for _ in 0..<20 { group.addTask { await code { try await store.read("a") } } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            server.send(SIGCONT)
            #expect(codes.count { $0 == .overloaded } >= 16)
            #expect(codes.allSatisfy { $0 == .overloaded || $0 == .unreachable })
        }
    }
}
