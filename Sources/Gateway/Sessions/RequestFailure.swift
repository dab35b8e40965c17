package import SoriProtocol

/// Why a client's request is refused, in the protocol's terms.
package struct RequestFailure: Error, Sendable, CustomStringConvertible {
    /// What the client is told.
    package let failure: ServerMessage.Failure

    package init(_ code: ErrorCode, _ message: String, isFatal: Bool = true, retryAfter: Double? = nil) {
        failure = ServerMessage.Failure(code: code, message: message, fatal: isFatal, retryAfter: retryAfter)
    }

    package var description: String { failure.message }
}
