package import SoriProtocol

/// Why a client's request is refused, in the protocol's terms.
package struct RequestFailure: Error, Sendable, CustomStringConvertible {
    /// What the client is told.
    package let failure: ServerMessage.Failure

    package init(_ code: ErrorCode, _ message: String, isFatal: Bool = true, retryAfter: Double? = nil) {
        failure = ServerMessage.Failure(code: code, message: message, fatal: isFatal, retryAfter: retryAfter)
    }

    package var description: String { failure.message }

    /// The session to resume is over.
    static let sessionIsGone = RequestFailure(
        .sessionNotFound, "there is no such session any longer; start a new one")
    /// Nobody is let in any longer.
    static let serverStops = RequestFailure(.shuttingDown, "the server stops; connect to another one", retryAfter: 1)
}
