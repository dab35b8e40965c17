import Hummingbird
import NIOCore
import ServiceLifecycle
import Testing
import WebSockets

@Suite("A graceful shutdown", .timeLimit(.minutes(3)))
struct ShutdownTests {
    private static let endless = WebSocketConfiguration(
        pingInterval: nil, replyTimeout: .seconds(600), drainTimeout: .seconds(600))

    @Test("lets the handler finish, then closes with 1001")
    func drain() async throws {
        try await TestServer.serving(Self.endless) { inbound, outbound in
            try await outbound.write("ready")
            try await gracefulShutdown()
            try await outbound.write("one more thing")
            for try await message in inbound {
                try await outbound.write(message)
                return
            }
        } during: { server in
            try await server.connect { inbound, outbound in
                var messages: [WebSocketMessage] = []
                for try await message in inbound {
                    messages.append(message)
                    if messages.count == 1 { await server.stop() }
                    if messages.count == 2 { try await outbound.write("and an answer") }
                }
                #expect(messages == [.text("ready"), .text("one more thing"), .text("and an answer")])
                #expect(inbound.close?.code == .goingAway)
            }
        }
    }

    @Test("closes with 1001 when the handler takes too long, and cancels it when that does not help")
    func overdue() async throws {
        let configuration = WebSocketConfiguration(
            pingInterval: nil, replyTimeout: .milliseconds(50), drainTimeout: .milliseconds(20))
        let events = Events<Bool>()
        try await TestServer.serving(configuration) { inbound, outbound in
            try await outbound.write("ready")
            _ = await webSocketError { for try await _ in inbound {} }
            try? await Task.sleep(for: .seconds(600))
            events.send(Task.isCancelled)
        } during: { server in
            try await server.connect { inbound, _ in
                for try await _ in inbound { await server.stop() }
                #expect(inbound.close == WebSocketClose(.goingAway, reason: "the service stops"))
            }
            #expect(try await events.next())
        }
    }

    @Test("closes at once where no time is given")
    func noTime() async throws {
        let configuration = WebSocketConfiguration(drainTimeout: .zero)
        try await TestServer.serving(configuration) { inbound, outbound in
            try await outbound.write("ready")
            for try await _ in inbound {}
        } during: { server in
            try await server.connect { inbound, _ in
                for try await _ in inbound { await server.stop() }
                #expect(inbound.close?.code == .goingAway)
            }
        }
    }

    @Test("closes a client's connection too, and lets its handler finish")
    func client() async throws {
        let closes = Events<WebSocketClose?>()
        try await TestServer.serving { inbound, outbound in
            for try await message in inbound { try await outbound.write(message) }
            closes.send(inbound.close)
        } during: { server in
            let ready = Events<Void>()
            let client = ClosureService {
                try await server.connect("/", Self.endless) { inbound, outbound in
                    ready.send(())
                    try await gracefulShutdown()
                    try await outbound.write("the rest")
                    #expect(try await inbound.first { _ in true } == .text("the rest"))
                }
            }
            let services = ServiceGroup(
                configuration: .init(
                    services: [.init(service: client, successTerminationBehavior: .gracefullyShutdownGroup)],
                    logger: quiet))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await services.run() }
                try await ready.next()
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
            }
            #expect(try await closes.next() == WebSocketClose(.goingAway))
        }
    }

    @Test(
        "does not wait for a connection that has sent nothing, half a request or nonsense, or that is idle",
        arguments: ["", "GET /hel", "GET / HTTP/1.1\r\nHost: x\r\nConn", "\u{16}\u{3}\u{1}nonsense\r\n\r\n"])
    func silentConnection(bytes: String) async throws {
        try await TestServer.deciding(
            Self.endless, http: .init(firstRequestTimeout: .seconds(600), idleTimeout: .seconds(600)),
            shouldUpgrade: { _ in .passOn }
        ) { server in
            try await RawPeer.connecting(to: server.port) { idle in
                // A connection after it shows that the first has been accepted.
                #expect(try await idle.request("/hello").hasPrefix("HTTP/1.1 200"))
                try await RawPeer.connecting(to: server.port) { peer in
                    try await peer.send(bytes)
                    if bytes.contains("nonsense") { _ = try await peer.readHead() }
                    _ = try await RawPeer.connecting(to: server.port) { try await $0.request("/hello") }
                    await server.stop()
                    await peer.readToEnd()
                }
                await idle.readToEnd()
            }
        }
    }

    @Test("still answers the request that it finds")
    func openRequest() async throws {
        try await TestServer.deciding(
            http: .init(idleTimeout: .seconds(600)), shouldUpgrade: { _ in .passOn }
        ) { server in
            try await RawPeer.connecting(to: server.port) { peer in
                try await peer.send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
                try await server.bodies.next()
                await server.stop()
                try await peer.send("cd")
                #expect(try await peer.readHead().hasPrefix("HTTP/1.1 200"))
                #expect(try await peer.readText(4) == "abcd")
                await peer.readToEnd()
            }
        }
    }
}

/// A service that is a closure.
private struct ClosureService: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws {
        try await body()
    }
}
