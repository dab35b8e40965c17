import Foundation
package import HTTPTypes
package import NIOCore
package import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOPosix
import NIOSSL

/// What a client asks of a server, and what it makes of the answer; without sockets.
package struct ClientHandshake: Sendable {
    private let address: WebSocketAddress
    private let subprotocols: [String]
    private let key = HandshakeKey()
    private let headers: HTTPFields

    package init(_ address: WebSocketAddress, headers: HTTPFields, subprotocols: [String]) {
        self.address = address
        self.subprotocols = subprotocols
        self.headers = headers
    }

    /// The request. Of the caller's headers, those that belong to the handshake are left out.
    package var head: HTTPRequestHead {
        var fields = headers
        fields[.connection] = "Upgrade"
        fields[.upgrade] = "websocket"
        fields[.secWebSocketVersion] = "13"
        fields[.secWebSocketKey] = key.value
        fields[.secWebSocketExtensions] = nil
        fields[.secWebSocketProtocol] = subprotocols.isEmpty ? nil : subprotocols.joined(separator: ", ")
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.target, headers: HTTPHeaders(fields))
        if !head.headers.contains(name: "Host") { head.headers.add(name: "Host", value: address.authority) }
        return head
    }

    /// Whether the server agrees, and on which subprotocol.
    package func judge(_ head: HTTPResponseHead, body: ByteBuffer) -> Result<String?, WebSocketError> {
        guard head.status == .switchingProtocols else {
            let status = HTTPResponse.Status(code: Int(head.status.code), reasonPhrase: head.status.reasonPhrase)
            let headers = HTTPFields(head.headers, splitCookie: false)
            let refusal = WebSocketError.Refusal(status: status, headers: headers, body: String(buffer: body))
            return .failure(WebSocketError(refusal, address: "\(address)"))
        }
        guard head.headers["Sec-WebSocket-Accept"] == [key.accept],
            head.headers[canonicalForm: "Upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" })
        else { return .failure(noWebSocket("it answered another handshake")) }
        guard head.headers["Sec-WebSocket-Extensions"].isEmpty else {
            return .failure(noWebSocket("it wants an extension that was not offered"))
        }
        let chosen = head.headers.first(name: "Sec-WebSocket-Protocol")
        guard chosen.map(subprotocols.contains) ?? true else {
            return .failure(noWebSocket("it wants a subprotocol that was not offered"))
        }
        return .success(chosen)
    }

    /// The connection ended before there was an answer.
    var hungUp: WebSocketError {
        WebSocketError(.unreachable, "\(address) hung up; check that it is a server for WebSockets, or try again")
    }

    /// There was no answer.
    func timedOut(after timeout: Duration) -> WebSocketError {
        WebSocketError(.unreachable, "\(address) did not answer within \(timeout); check the network or try again")
    }

    /// Puts an error of the network, of TLS or of HTTP into words.
    func failure(_ error: any Error) -> WebSocketError {
        switch error {
        case let error as WebSocketError:
            error
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            tlsFailure(error)
        case is HTTPParserError:
            noWebSocket("it does not speak HTTP", cause: error)
        default:
            WebSocketError(
                .unreachable,
                "no connection to \(address): \(reason(error)); check the address and that the server runs",
                cause: error)
        }
    }

    private func tlsFailure(_ error: any Error) -> WebSocketError {
        let text = "\(error)"
        let isUntrusted = error is NIOSSLExtraError || text.contains("CERTIFICATE_VERIFY_FAILED")
        guard isUntrusted else {
            return WebSocketError(
                .untrusted, "\(address) does not speak TLS as it should; check the address and its scheme", cause: error
            )
        }
        return WebSocketError(
            .untrusted,
            "the certificate of \(address) is not trusted; check the name in the address, "
                + "or give the certificate of the authority that issued it",
            cause: error)
    }

    private func noWebSocket(_ reason: String, cause: (any Error)? = nil) -> WebSocketError {
        WebSocketError(.badHandshake, "\(address) is no WebSocket: \(reason); check the address", cause: cause)
    }

    private func reason(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError {
            if let failure = error.connectionErrors.first { return reason(failure.error) }
            return "the name is not known"
        }
        guard let error = error as? IOError else {
            if case .connectTimeout? = error as? ChannelError { return "no answer" }
            return error is ChannelError ? "the connection was lost" : "\(error)"
        }
        return error.errnoCode == ECONNREFUSED ? "nobody answers there" : "the network failed (\(error.errnoCode))"
    }
}
