import HTTPTypes
import Logging
import SoriProtocol
import WebSockets

/// Where the gateway lets clients in, and with what.
struct Entry: Sendable {
    let url: String
    var token: String?
    /// A file with the certificate that is trusted, for `wss`.
    var certificate: String?

    /// The message that begins a session.
    static var start: String {
        get throws {
            try SoriProtocol.encode(
                ClientMessage.start(
                    .init(
                        language: "en", audio: AudioFormat(encoding: .pcmS16LE, sampleRate: 16_000, channels: 1), gap: 0
                    )))
        }
    }

    /// Opens a WebSocket and runs `body` on it.
    func connect(_ body: @escaping @Sendable (WebSocketInbound, WebSocketOutbound) async throws -> Void) async throws {
        var logger = Logger(label: "load")
        logger.logLevel = .critical
        try await WebSocketClient.connect(
            url: url, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:],
            configuration: .init(trustedRoots: certificate.map { .file($0) } ?? .system), logger: logger, handler: body)
    }
}
