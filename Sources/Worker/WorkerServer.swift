internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import Recognition
internal import ServiceLifecycle
internal import SoriProtocol
package import WebSockets

/// A worker's address on the network: its WebSocket, readiness, health and metrics on one port.
package struct WorkerServer: Service, CustomStringConvertible {
    /// As it stands in the log: not with all that is in it, secrets too.
    package var description: String { "worker server" }

    private static let connections = 1000
    /// 30 s of sound as 32-bit numbers, and room for a long prompt.
    private static let messageBytes = 1 << 21

    private let service: WorkerService
    private let place: ListeningAddress
    private let port: Int
    private let token: String?
    private let encryption: ServerEncryption?
    private let readiness: Readiness
    private let metrics: WorkerMetrics
    private let routes: WorkerRoutes
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - token: what gateways must send as `Authorization: Bearer TOKEN`; `nil` lets everybody in.
    ///   - encryption: `nil` without TLS.
    ///   - onListening: told the port once connections are taken.
    package init(
        service: WorkerService, place: ListeningAddress, port: Int, token: String?,
        encryption: ServerEncryption? = nil, readiness: Readiness, metrics: WorkerMetrics, routes: WorkerRoutes,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) {
        self.service = service
        self.place = place
        self.port = port
        self.token = token
        self.encryption = encryption
        self.readiness = readiness
        self.metrics = metrics
        self.routes = routes
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the service group shuts down; requests that were taken are still answered.
    ///
    /// - Throws: ``ListeningError`` when that cannot be done at the place.
    package func run() async throws {
        let listeners = Listeners(place, port: port) { host, port, onListening in
            try await application(host, port, routes.router.buildResponder(), onListening).run()
        }
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let encryption { group.addTask { try await encryption.followFiles() } }
                defer { group.cancelAll() }
                try await listeners.run { await onListening($0) }
            }
        } onGracefulShutdown: {
            readiness.stop()
        }
    }

    private func application<Responder: HTTPResponder<BasicRequestContext>>(
        _ host: String, _ port: Int, _ responder: Responder, _ onListening: @escaping @Sendable (Int) -> Void
    ) throws -> Application<Responder> {
        var configuration = WebSocketUpgradeChannel.Configuration()
        configuration.webSocket.maxMessageSize = Self.messageBytes
        configuration.webSocket.maxFrameSize = Self.messageBytes
        configuration.webSocket.maxBuffered = Self.messageBytes
        // Where another address cannot be had, this one is given up: it would complain of that at length.
        var quiet = logger
        if quiet.logLevel >= .info { quiet.logLevel = .critical }
        return Application(
            responder: responder,
            server: try .http1WebSocket(configuration: configuration) { handshake in
                guard handshake.uri.path == service.path else { return .passOn }
                if let refusal = refusal(of: handshake.head) { return refusal }
                return .accept(lastWords: WorkerConnection.lastWords(limit: Self.messageBytes)) { inbound, outbound in
                    logger.info("connection opened")
                    try await WorkerConnection(service: service, readiness: readiness, metrics: metrics)
                        .run(inbound, outbound)
                }
            }.protected(by: encryption),
            configuration: .init(
                address: .hostname(host, port: port), serverName: "sori",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connections)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? port) }, logger: quiet)
    }

    private func refusal(of head: HTTPRequest) -> WebSocketUpgrade? {
        if head.headerFields[.origin] != nil {
            return .refuse(.forbidden, body: "pages may not use a worker; connect to a gateway")
        }
        guard let token else { return nil }
        guard let given = BearerToken(head), given.isEqual(to: token) else {
            return .refuse(.unauthorized, body: "send the worker's token as 'Authorization: Bearer TOKEN'")
        }
        return nil
    }
}
