import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import WebSockets

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// An application on a free port of the loopback interface, run as a service is.
struct TestServer: Sendable {
    let port: Int
    /// Each POST to /body, when its head has come.
    let bodies: Events<Void>
    private let services: ServiceGroup

    /// Its address for WebSockets.
    func url(_ target: String = "/") -> String { "ws://127.0.0.1:\(port)\(target)" }

    /// Begins a graceful shutdown.
    func stop() async {
        await services.triggerGracefulShutdown()
    }

    /// Runs the server as long as the body, then stops it gracefully and waits until it has stopped.
    static func deciding<Output: Sendable>(
        _ configuration: WebSocketConfiguration = .init(), http: WebSocketUpgradeChannel.Configuration = .init(),
        tls: TLSConfiguration? = nil, shouldUpgrade: @escaping WebSocketUpgradeChannel.ShouldUpgrade,
        during body: (TestServer) async throws -> Output
    ) async throws -> Output {
        let router = Router()
        router.get("hello") { _, _ in "hello" }
        router.get("body") { request, _ in String(buffer: try await request.body.collect(upTo: 100)) }
        let bodies = Events<Void>()
        router.post("body") { request, _ in
            bodies.send(())
            return String(buffer: try await request.body.collect(upTo: 100))
        }
        var http = http
        http.webSocket = configuration
        let builder = HTTPServerBuilder.http1WebSocket(configuration: http, shouldUpgrade: shouldUpgrade)
        let running = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, server: try tls.map { try .tls(builder, tlsConfiguration: $0) } ?? builder,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { running.continuation.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let services = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var ports = running.stream.makeAsyncIterator()
            let server = TestServer(port: await ports.next() ?? 0, bodies: bodies, services: services)
            do {
                let output = try await body(server)
                await server.stop()
                try await group.waitForAll()
                return output
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Runs the server with one handler for all WebSockets.
    static func serving<Output: Sendable>(
        _ configuration: WebSocketConfiguration = .init(), handler: @escaping WebSocketConnection.Handler<Void>,
        during body: (TestServer) async throws -> Output
    ) async throws -> Output {
        try await deciding(configuration, shouldUpgrade: { _ in .accept(handler: handler) }, during: body)
    }

    /// Connects to the server.
    func connect<Output: Sendable>(
        _ target: String = "/", _ configuration: WebSocketConfiguration = .init(),
        _ handler: @escaping WebSocketConnection.Handler<Output>
    ) async throws -> Output {
        try await WebSocketClient.connect(
            url: url(target), configuration: configuration, logger: quiet, handler: handler)
    }
}

/// Sends everything back.
let echo: WebSocketConnection.Handler<Void> = { inbound, outbound in
    for try await message in inbound { try await outbound.write(message) }
}

/// Events that happen somewhere and are waited for elsewhere, in order.
struct Events<Event: Sendable>: Sendable {
    private let stream = AsyncStream<Event>.makeStream()

    func send(_ event: Event) { stream.continuation.yield(event) }

    func next() async throws -> Event {
        for await event in stream.stream { return event }
        throw CancellationError()
    }
}

/// The error of this module that the body throws, if it does.
func webSocketError(_ body: () async throws -> Void) async -> WebSocketError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? WebSocketError
    }
}
