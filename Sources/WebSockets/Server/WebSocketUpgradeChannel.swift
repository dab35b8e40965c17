import HTTPTypes
public import HummingbirdCore
public import Logging
public import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// HTTP/1.1 for Hummingbird's router, and WebSockets for those who ask for them and may.
///
///     let app = Application(
///         router: router,
///         server: .http1WebSocket { handshake in
///             guard handshake.uri.path == "/echo" else { return .passOn }
///             return .accept { inbound, outbound in
///                 for try await message in inbound { try await outbound.write(message) }
///             }
///         })
///
/// A request may ask for a WebSocket also when its connection has served others. A client that does not send a request
/// is cut off, and does not hold up a graceful shutdown. Extensions, so also compression, are not offered: audio does not
/// shrink and captions are small.
public struct WebSocketUpgradeChannel: ServerChildChannel, HTTPChannelHandler {
    /// A connection that waits to be served.
    public struct Value: ServerChildChannelValue {
        /// The connection.
        public let channel: any Channel
    }

    /// Decides what becomes of a client that asks for a WebSocket. If it throws, the answer is 500.
    public typealias ShouldUpgrade = @Sendable (WebSocketHandshake) async throws -> WebSocketUpgrade

    /// Times of the HTTP connections, and the configuration of the WebSockets.
    public struct Configuration: Sendable, Hashable {
        /// What holds for each WebSocket.
        public var webSocket: WebSocketConfiguration
        /// How long a new connection may take to send the head of a request.
        public var firstRequestTimeout: Duration
        /// How long a connection may be idle between requests, and how long the next part of a request may take.
        public var idleTimeout: Duration
        /// The longest head of a request in bytes: all of its lines together.
        public var maxHeaderBytes: Int

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - webSocket: what holds for each WebSocket.
        ///   - firstRequestTimeout: 10 s.
        ///   - idleTimeout: 75 s, longer than most proxies keep idle connections.
        ///   - maxHeaderBytes: 16 KiB.
        public init(
            webSocket: WebSocketConfiguration = .init(), firstRequestTimeout: Duration = .seconds(10),
            idleTimeout: Duration = .seconds(75), maxHeaderBytes: Int = 1 << 14
        ) {
            self.maxHeaderBytes = maxHeaderBytes
            self.webSocket = webSocket
            self.firstRequestTimeout = firstRequestTimeout
            self.idleTimeout = idleTimeout
        }
    }

    /// Answers requests: Hummingbird's router.
    public let responder: HTTPChannelHandler.Responder
    private let configuration: Configuration
    private let shouldUpgrade: ShouldUpgrade

    /// Creates the protocol of a server's connections.
    public init(
        responder: @escaping HTTPChannelHandler.Responder, configuration: Configuration = .init(),
        shouldUpgrade: @escaping ShouldUpgrade
    ) {
        self.responder = responder
        self.configuration = configuration
        self.shouldUpgrade = shouldUpgrade
    }

    /// Puts HTTP on a new connection.
    public func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try HTTPExchangeHandler.configure(
                channel, firstRequestTimeout: configuration.firstRequestTimeout, idleTimeout: configuration.idleTimeout,
                maxHeaderBytes: configuration.maxHeaderBytes)
            return Value(channel: channel)
        }
    }

    /// Serves a connection until it ends.
    public func handle(value: Value, logger: Logger) async {
        let serving = WebSocketUpgradeChannel(
            responder: { request, writer, channel in
                try await respond(to: request, on: channel, writer: writer, logger: logger)
            }, configuration: configuration, shouldUpgrade: shouldUpgrade)
        do {
            let channel = value.channel
            let requests = try await channel.eventLoop.submit { try HTTPExchangeHandler.begin(on: channel) }.get()
            await serving.handleHTTP(asyncChannel: requests, logger: logger)
        } catch {
            logger.debug("Connection ended before it was served", metadata: ["error": "\(error)"])
        }
    }

    @concurrent
    private func respond(
        to request: Request, on channel: any Channel, writer: consuming ResponseWriter, logger: Logger
    ) async throws {
        let check = HandshakeCheck(request.head)
        switch check {
        case .noHandshake:
            try await responder(request, writer, channel)
        case .bad(let refusal):
            try await carryOut(refusal, of: request, key: nil, on: channel, writer: writer, logger: logger)
        case .good(let key):
            let decision = await decide(WebSocketHandshake(request.head, remoteAddress: channel.remoteAddress), logger)
            try await carryOut(decision, of: request, key: key, on: channel, writer: writer, logger: logger)
        }
    }

    private func decide(_ handshake: WebSocketHandshake, _ logger: Logger) async -> WebSocketUpgrade {
        do {
            return try await shouldUpgrade(handshake)
        } catch {
            logger.error("WebSocket handshake failed", metadata: ["error": "\(error)"])
            return .refuse(.internalServerError)
        }
    }

    @concurrent
    private func carryOut(
        _ decision: WebSocketUpgrade, of request: Request, key: HandshakeKey?, on channel: any Channel,
        writer: consuming ResponseWriter, logger: Logger
    ) async throws {
        switch decision {
        case .passOn:
            // The end of the request is held back until it is answered, so nobody may wait for it.
            var request = request
            request.body = RequestBody(buffer: ByteBuffer())
            try await responder(request, writer, channel)
        case .refuse(let status, var headers, let body):
            logger.debug("WebSocket refused", metadata: ["status": "\(status.code)"])
            if !body.isEmpty, headers[.contentType] == nil { headers[.contentType] = "text/plain; charset=utf-8" }
            headers[.contentLength] = "\(body.utf8.count)"
            let head = HTTPResponse(status: status, headerFields: headers)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        case .accept(let subprotocol, var headers, let lastWords, let handler):
            headers[.connection] = "Upgrade"
            headers[.upgrade] = "websocket"
            headers[.secWebSocketAccept] = key?.accept
            headers[.secWebSocketProtocol] = subprotocol
            _ = try await writer.writeHead(HTTPResponse(status: .switchingProtocols, headerFields: headers))
            logger.debug("WebSocket opened")
            let connection = WebSocketConnection(
                channel, role: .server, bytes: request.body, subprotocol: subprotocol,
                configuration: configuration.webSocket, lastWords: lastWords, logger: logger
            ) { bytes, promise in channel.writeAndFlush(HTTPResponsePart.body(bytes), promise: promise) }
            do {
                try await connection.run(handler)
            } catch {
                logger.debug("WebSocket handler failed", metadata: ["error": "\(error)"])
            }
        }
    }
}

extension HTTPServerBuilder {
    /// A server for HTTP/1.1 and WebSockets; see ``WebSocketUpgradeChannel``.
    ///
    /// - Parameters:
    ///   - configuration: times and limits.
    ///   - shouldUpgrade: decides what becomes of a client that asks for a WebSocket.
    public static func http1WebSocket(
        configuration: WebSocketUpgradeChannel.Configuration = .init(),
        shouldUpgrade: @escaping WebSocketUpgradeChannel.ShouldUpgrade
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            WebSocketUpgradeChannel(responder: responder, configuration: configuration, shouldUpgrade: shouldUpgrade)
        }
    }
}
