public import HTTPTypes
public import HummingbirdCore
public import NIOCore

/// A client's wish to open a WebSocket, with the headers as they came.
public struct WebSocketHandshake: Sendable {
    /// The head of the request.
    public let head: HTTPRequest
    /// Path and query, taken apart.
    public let uri: URI
    /// The subprotocols that the client speaks, the dearest first.
    public let subprotocols: [String]
    /// Where the connection comes from: the client, or a proxy in front of this server.
    public let remoteAddress: SocketAddress?

    /// Creates a handshake from the head of a request.
    public init(_ head: HTTPRequest, remoteAddress: SocketAddress? = nil) {
        self.head = head
        self.uri = URI(head.path ?? "/")
        self.subprotocols = head.headerFields.list(.secWebSocketProtocol)
        self.remoteAddress = remoteAddress
    }
}

/// What a server does with a client that wants to open a WebSocket.
public enum WebSocketUpgrade: Sendable {
    /// Leaves the request to the HTTP router, as if it did not ask for anything else. The connection ends with the answer.
    case passOn
    /// Answers with a status other than 101, headers, and a line that says why. The connection ends with the answer.
    case refuse(HTTPResponse.Status, headers: HTTPFields = [:], body: String = "")
    /// Opens the WebSocket and runs the handler on it.
    ///
    /// The subprotocol must be one of ``WebSocketHandshake/subprotocols``, or the client would give up. The headers go
    /// into the answer. Where the client breaks the rules, `lastWords` may have a message for it, before the goodbye.
    case accept(
        subprotocol: String? = nil, headers: HTTPFields = [:], lastWords: WebSocketConnection.LastWords? = nil,
        handler: WebSocketConnection.Handler<Void>)
}

/// Whether a request is the handshake of a WebSocket, and a good one (RFC 6455, section 4.2.1).
enum HandshakeCheck {
    case noHandshake
    case bad(WebSocketUpgrade)
    case good(HandshakeKey)

    init(_ head: HTTPRequest) {
        let fields = head.headerFields
        guard head.method == .get, fields.list(.upgrade).map({ $0.lowercased() }).contains("websocket"),
            fields.list(.connection).map({ $0.lowercased() }).contains("upgrade")
        else {
            self = .noHandshake
            return
        }
        guard fields[.secWebSocketVersion] == "13" else {
            self = .bad(
                .refuse(
                    .upgradeRequired, headers: [.secWebSocketVersion: "13"],
                    body: "only version 13 of the WebSocket protocol is spoken here"))
            return
        }
        guard let key = fields[.secWebSocketKey].flatMap(HandshakeKey.init) else {
            self = .bad(.refuse(.badRequest, body: "Sec-WebSocket-Key must be the Base64 of 16 bytes"))
            return
        }
        guard fields[.contentLength] ?? "0" == "0", fields[.transferEncoding] == nil else {
            self = .bad(.refuse(.badRequest, body: "a WebSocket handshake has no body"))
            return
        }
        self = .good(key)
    }
}

extension HTTPFields {
    /// The entries of a header that is a list, in one line or several.
    func list(_ name: HTTPField.Name) -> [String] {
        self[values: name].flatMap { $0.split(separator: ",") }
            .map { entry in
                let trimmed = entry.drop { $0 == " " || $0 == "\t" }
                return String(trimmed.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            }
            .filter { !$0.isEmpty }
    }
}
