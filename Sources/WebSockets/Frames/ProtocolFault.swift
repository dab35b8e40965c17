/// Something that the peer must not send: how it is told, and what is wrong.
package struct ProtocolFault: Sendable, Hashable {
    /// The code with which the connection is closed.
    package let code: WebSocketCloseCode
    /// A few words, also for the peer.
    package let reason: String

    /// The error that the handler gets.
    var error: WebSocketError {
        switch code {
        case .messageTooLarge:
            WebSocketError(.messageTooLarge, "the other side sent \(reason); send less at once or raise the limit")
        case .invalidData:
            WebSocketError(.invalidText, "the other side sent \(reason); send bytes as a binary message")
        default:
            WebSocketError(.protocolViolation, "the other side sent \(reason); check its WebSocket library")
        }
    }

    static func violation(_ reason: String) -> ProtocolFault { ProtocolFault(code: .protocolError, reason: reason) }

    static let invalidText = ProtocolFault(code: .invalidData, reason: "text that is not UTF-8")

    static func tooLarge(_ what: String, limit: Int) -> ProtocolFault {
        ProtocolFault(code: .messageTooLarge, reason: "a \(what) of more than \(limit) bytes")
    }
}
