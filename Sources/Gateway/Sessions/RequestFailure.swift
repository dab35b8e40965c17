package import SoriProtocol
internal import WebSockets

/// Why a client's request is refused, in the protocol's terms.
package struct RequestFailure: Error, Sendable, CustomStringConvertible {
    /// What the client is told.
    package let failure: ServerMessage.Failure

    package init(_ code: ErrorCode, _ message: String, isFatal: Bool = true, retryAfter: Double? = nil) {
        failure = ServerMessage.Failure(code: code, message: message, fatal: isFatal, retryAfter: retryAfter)
    }

    /// What a client is told of an error that ends its connection; `nil` where there is nothing to tell, or nobody to
    /// tell it to.
    package init?(_ error: any Error) {
        switch error {
        case let failure as RequestFailure: self = failure
        case let error as WebSocketError where error.code == .messageTooLarge:
            self.init(.messageTooLarge, "a message is over the limit; send less at once")
        case let error as WebSocketError where error.code == .invalidText:
            self.init(.badMessage, "a text message is not UTF-8; send sound as binary messages")
        case is WebSocketError, is CancellationError: return nil
        default:
            self.init(.internalError, "the server has a fault; resume the session", retryAfter: 1)
        }
    }

    package var description: String { failure.message }

    /// The message as it is sent.
    var text: String? { try? SoriProtocol.encode(ServerMessage.error(failure)) }

    /// The session to resume is over.
    static let sessionIsGone = RequestFailure(
        .sessionNotFound, "there is no such session any longer; start a new one")
    /// Nobody is let in any longer.
    static let serverStops = RequestFailure(.shuttingDown, "the server stops; connect to another one", retryAfter: 1)
}
