public import HTTPTypes
import Locks
public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL

/// Opens WebSockets to servers.
public enum WebSocketClient {
    /// Connects to a server, runs a handler on the connection and closes it.
    ///
    /// - Parameters:
    ///   - url: begins with `ws://` or `wss://`; path and query as the server wants them.
    ///   - headers: sent with the handshake, for example `Authorization`.
    ///   - subprotocols: offered to the server, the dearest first; its choice is ``WebSocketInbound/subprotocol``.
    ///   - configuration: limits, times, and which certificates to trust.
    ///   - logger: is told what happens, but no addresses' queries and no headers.
    ///   - handler: works with the connection.
    /// - Returns: what the handler returns.
    /// - Throws: what the handler throws, or ``WebSocketError`` if there is no connection: with
    ///   ``WebSocketError/Code/refused`` and the status if the server does not want to. `CancellationError` if the task
    ///   is cancelled before there is a connection.
    public static func connect<Output: Sendable>(
        url: String, headers: HTTPFields = [:], subprotocols: [String] = [],
        configuration: WebSocketConfiguration = .init(), logger: Logger,
        handler: @escaping WebSocketConnection.Handler<Output>
    ) async throws -> Output {
        let address = try WebSocketAddress(url)
        let request = ClientHandshake(address, headers: headers, subprotocols: subprotocols)
        let encryption = try address.isSecure ? ClientEncryption(address, trusting: configuration.trustedRoots) : nil
        let upgraded = try await open(
            request, to: address, encryption: encryption, timeout: configuration.connectTimeout)
        logger.debug("WebSocket opened", metadata: ["address": "\(address)"])
        return try await upgraded.bytes.executeThenClose { bytes in
            let channel = upgraded.bytes.channel
            let connection = WebSocketConnection(
                channel, role: .client, bytes: bytes, subprotocol: upgraded.subprotocol, configuration: configuration,
                logger: logger
            ) { bytes, promise in channel.writeAndFlush(bytes, promise: promise) }
            return try await connection.run(handler)
        }
    }

    private static func open(
        _ request: ClientHandshake, to address: WebSocketAddress, encryption: ClientEncryption?, timeout: Duration
    ) async throws -> UpgradedChannel {
        let attempt = ConnectionAttempt()
        do {
            return try await withTaskCancellationHandler {
                try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connectTimeout(TimeAmount(timeout))
                    .connect(host: address.host, port: address.port) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            attempt.includes(channel)
                            try encryption?.add(to: channel)
                            return try ClientHandshakeHandler.add(to: channel, request: request, timeout: timeout)
                        }
                    }
                    .get()
            } onCancel: {
                attempt.abandon()
            }
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw request.failure(error)
        }
    }
}

/// The channels of an attempt to connect: one for each address of the server. They end when it is abandoned.
private final class ConnectionAttempt: Sendable {
    private struct State {
        var isAbandoned = false
        var channels: [any Channel] = []
    }

    private let state = Guarded(State())

    func includes(_ channel: any Channel) {
        let isAbandoned = state.withLock { state in
            state.channels.append(channel)
            return state.isAbandoned
        }
        if isAbandoned { channel.close(promise: nil) }
    }

    func abandon() {
        let channels = state.withLock { state in
            state.isAbandoned = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}

/// TLS for a client: certificates are always checked, and the name or address in them too.
private struct ClientEncryption: Sendable {
    private let context: NIOSSLContext
    private let name: String?

    init(_ address: WebSocketAddress, trusting roots: TrustedRoots) throws(WebSocketError) {
        do {
            context = try NIOSSLContext(configuration: try roots.clientConfiguration())
        } catch let error as WebSocketError {
            throw error
        } catch {
            throw roots.failure(error)
        }
        // Without a name, the address that was connected to must be in the certificate.
        let isNumeric = (try? SocketAddress(ipAddress: address.host, port: address.port)) != nil
        name = isNumeric ? nil : address.host
    }

    func add(to channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
    }
}

extension TrustedRoots {
    /// TLS of a client that trusts them.
    ///
    /// - Throws: ``WebSocketError`` with `untrusted` when they cannot be read.
    package func clientConfiguration() throws(WebSocketError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            switch self {
            case .system: break
            case .file(let path): configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            case .pem(let text):
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(text.utf8)))
            }
        } catch {
            throw failure(error)
        }
        return configuration
    }

    fileprivate func failure(_ error: any Error) -> WebSocketError {
        let place = if case .file(let path) = self { " in \(path)" } else { "" }
        return WebSocketError(
            .untrusted,
            "the trusted certificates\(place) cannot be read; check that the file is there and in PEM form",
            cause: error)
    }
}
