internal import AccessTokens
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import Recognition
internal import ServiceLifecycle
internal import SoriProtocol
package import WebSockets
package import Worker

/// The gateway's address on the network: WebSocket, events, health, metrics and pages on one port.
package struct GatewayServer: Service, CustomStringConvertible {
    /// As it stands in the log: not with all that is in it, secrets too.
    package var description: String { "gateway server" }

    private let registry: SessionRegistry
    private let readiness: Readiness
    private let settings: ServerSettings
    private let access: Access
    private let arrivals: Arrivals
    private let encryption: ServerEncryption?
    private let logger: Logger
    private let exposition: @Sendable () -> String
    private let admin: AdminRoutes?
    private let passesOn: [WorkerService]
    private let workerMetrics: WorkerMetrics?
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - access: who may speak and watch.
    ///   - encryption: `nil` without TLS.
    ///   - admin: what administrators see and change.
    ///   - passesOn: recogniser and detector that are served as a worker serves them, to callers without a session.
    ///   - workerMetrics: counts such requests.
    ///   - exposition: the metrics in Prometheus' text format.
    ///   - onListening: told the port once connections are taken.
    package init(
        registry: SessionRegistry, readiness: Readiness, settings: ServerSettings, access: Access,
        encryption: ServerEncryption?, logger: Logger, admin: AdminRoutes? = nil, passesOn: [WorkerService] = [],
        workerMetrics: WorkerMetrics? = nil,
        exposition: @escaping @Sendable () -> String, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.registry = registry
        self.readiness = readiness
        self.settings = settings
        self.access = access
        self.encryption = encryption
        arrivals = Arrivals(settings)
        self.logger = logger
        self.admin = admin
        self.passesOn = passesOn
        self.workerMetrics = workerMetrics
        self.exposition = exposition
        self.onListening = onListening
    }

    /// Serves until the service group shuts down; open sessions then get their last words.
    ///
    /// - Throws: ``ListeningError`` when that cannot be done at the host and port of the settings.
    package func run() async throws {
        let routes = GatewayRoutes(
            registry: registry, readiness: readiness, settings: settings, access: access, admin: admin,
            exposition: exposition)
        let listeners = Listeners(ListeningAddress(settings.host), port: settings.port) {
            host, port, onListening in
            try await application(host, port, routes.router.buildResponder(), onListening).run()
        }
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await registry.run() }
                if let admin { group.addTask { await admin.obs.run() } }
                if let encryption { group.addTask { try await encryption.followFiles() } }
                // Also where it cannot listen at all.
                defer { registry.shutDown() }
                try await listeners.run { await onListening($0) }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            readiness.stop()
            registry.shutDown()
        }
    }

    private func application<Responder: HTTPResponder<BasicRequestContext>>(
        _ host: String, _ port: Int, _ responder: Responder, _ onListening: @escaping @Sendable (Int) -> Void
    ) throws -> Application<Responder> {
        var configuration = WebSocketUpgradeChannel.Configuration()
        configuration.webSocket.maxMessageSize = settings.frameBytes
        configuration.webSocket.maxFrameSize = settings.frameBytes
        configuration.webSocket.replyTimeout = .seconds(settings.pong)
        configuration.firstRequestTimeout = .seconds(settings.limits.firstMessage)
        configuration.maxHeaderBytes = settings.headerBytes
        // Where another address cannot be had, this one is given up: it would complain of that at length.
        var quiet = logger
        if quiet.logLevel >= .info { quiet.logLevel = .critical }
        return Application(
            responder: responder,
            server: try .http1WebSocket(configuration: configuration) { handshake in
                let service = passesOn.first { $0.path == handshake.uri.path }
                guard service != nil || handshake.uri.path == "/v1/listen" else { return .passOn }
                if let refusal = arrivals.refusal(of: handshake) {
                    registry.metrics.handshakeRefused()
                    return refusal
                }
                guard let service else { return listen(handshake) }
                return await passOn(handshake.head, to: service)
            }.protected(by: encryption),
            configuration: .init(
                address: .hostname(host, port: port), serverName: "sori",
                availableConnectionsDelegate: MaximumAvailableConnections(settings.connections)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? port) }, logger: quiet)
    }

    private func listen(_ handshake: WebSocketHandshake) -> WebSocketUpgrade {
        var logger = logger
        logger[metadataKey: "request"] = "\(RequestName.of(handshake.head))"
        let connection = ListenConnection(
            registry: registry, readiness: readiness, access: access, logger: logger)
        let subprotocol = handshake.subprotocols.first { $0 == ShownToken.subprotocol }
        return .accept(subprotocol: subprotocol, lastWords: { RequestFailure($0)?.text }) {
            [logger] inbound, outbound in
            let socket = SocketCount(.listen, registry.metrics)
            defer { socket.end(.left) }
            do {
                // Refused inside of the WebSocket: pages cannot read why an upgrade failed.
                let grant = try await access.grant(handshake.head, .speak)
                try await connection.run(inbound, outbound, grant, socket)
            } catch {
                guard let refusal = RequestFailure(error) else { throw error }
                socket.end(refusal.failure.code.rawValue)
                logger.info("connection ended", metadata: ["code": "\(refusal.failure.code)"])
                if refusal.failure.code == .internalError {
                    logger.error("a connection failed", metadata: ["error": "\(error)"])
                }
                try await outbound.write(SoriProtocol.encode(ServerMessage.error(refusal.failure)))
                outbound.close(
                    WebSocketCloseCode(rawValue: refusal.failure.code.closeStatus), reason: refusal.failure.message)
            }
        }
    }

    /// Serves a recogniser or detector without a session, as a worker does, to whoever may speak here.
    private func passOn(_ head: HTTPRequest, to service: WorkerService) async -> WebSocketUpgrade {
        do {
            _ = try await access.grant(head, .speak)
        } catch {
            let failure = (error as? RequestFailure)?.failure
            return .refuse(
                failure?.code == .unauthorized ? .unauthorized : .forbidden, body: failure?.message ?? "not allowed")
        }
        return .accept(lastWords: WorkerConnection.lastWords(limit: settings.frameBytes)) { inbound, outbound in
            let socket = SocketCount(service.isRecognition ? .recognize : .detect, registry.metrics, isOpen: true)
            defer { socket.end(Task.isShuttingDownGracefully ? .serverStopped : .left) }
            try await WorkerConnection(service: service, readiness: nil, metrics: workerMetrics).run(inbound, outbound)
        }
    }
}
