import Locks
import Logging
import Routing
import Testing

@Suite("Finding workers", .timeLimit(.minutes(1)))
struct DiscoveryTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("a name is resolved again and again, and what it led to stays while it cannot be")
    func name() async throws {
        let answers = Guarded<[Result<[String], RoutingError>]>([
            .success(["10.0.0.2", "10.0.0.1"]), .success(["10.0.0.1", "10.0.0.2"]), .failure(RoutingError("gone")),
            .success(["10.0.0.3"]),
        ])
        let (found, feed) = AsyncStream.makeStream(of: [WorkerAddress].self)
        let discovery = DNSDiscovery(name: "workers", port: 8090, interval: .milliseconds(1), logger: quiet) {
            name throws(RoutingError) in
            guard name == "workers" else { throw RoutingError("another name") }
            let next = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            return try next.get()
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await discovery.watch { feed.yield($0) } }
            var told: [[String]] = []
            for await addresses in found {
                told.append(addresses.map(\.description))
                if told.count == 2 { break }
            }
            group.cancelAll()
            #expect(told == [["10.0.0.1:8090", "10.0.0.2:8090"], ["10.0.0.3:8090"]])
        }
    }

    @Test("the system's names are resolved, and those that nobody has are told in one line")
    func system() async throws {
        #expect(try await DNSDiscovery.addresses(of: "localhost").contains { $0 == "127.0.0.1" || $0 == "::1" })
        let error = await #expect(throws: RoutingError.self) { try await DNSDiscovery.addresses(of: "nobody.invalid") }
        #expect(error?.message.contains("'nobody.invalid' cannot be resolved") == true)
    }

    @Test("one name is looked up, lists and addresses stay as they are")
    func kinds() throws {
        #expect(try Workers.discovery(["workers.internal:8090"], logger: quiet) is DNSDiscovery)
        for list in [["localhost:1"], ["10.0.0.1:1"], ["[::1]:1"], ["a:1", "b:1"], ["wss://workers.internal"]] {
            #expect(try Workers.discovery(list, logger: quiet) is StaticDiscovery)
        }
        #expect(throws: RoutingError.self) { try Workers.discovery(["a:1", "ws://a:1"], logger: quiet) }
    }
}
