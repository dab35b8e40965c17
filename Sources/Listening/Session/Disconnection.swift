import HTTPTypes
package import SoriProtocol
import WebSockets

/// How a connection ended, or why there is none.
package struct Disconnection: Sendable, Equatable {
    /// What can be done about it.
    package enum Remedy: Sendable, Equatable {
        /// Only a person can help.
        case fail
        /// The session is over: open a new one.
        case renew
        /// The server is full: come back after so many seconds.
        case wait(seconds: Double?)
        /// Send less ahead of the acknowledgements, and go on.
        case slowDown
        /// It may pass by itself: try again, after so many seconds if the server says so.
        case retry(seconds: Double?)
    }

    /// What can be done about it.
    package let remedy: Remedy
    /// One line that says what is wrong.
    package let message: String

    /// Creates a description from its parts.
    package init(_ remedy: Remedy, _ message: String) {
        self.remedy = remedy
        self.message = message
    }

    /// A server's fatal error. A code that is not known is a fault of the server, which may pass.
    package init(_ failure: ServerMessage.Failure) {
        message = "the server says: \(failure.message)"
        switch failure.code {
        case .unauthorized, .originNotAllowed, .badStart, .badMessage, .unsupportedAudio, .messageTooLarge:
            remedy = .fail
        case .sessionNotFound: remedy = .renew
        case .tooManySessions: remedy = .wait(seconds: failure.retryAfter)
        case .audioTooFast: remedy = .slowDown
        case .shuttingDown: remedy = .retry(seconds: failure.retryAfter ?? 0)
        default: remedy = .retry(seconds: failure.retryAfter)
        }
    }

    /// Why a connection could not be opened, or broke.
    ///
    /// - Parameter wasReady: whether the server has ever answered as it should; then only the network is to blame for
    ///   whatever answers now.
    package init(_ error: any Error, wasReady: Bool) {
        guard let error = error as? WebSocketError else {
            self.init(.retry(seconds: nil), "the connection failed (\(error))")
            return
        }
        let remedy: Remedy =
            switch error.code {
            case .badAddress: .fail
            case .untrusted, .badHandshake: wasReady ? .retry(seconds: nil) : .fail
            case .refused: Self.remedy(for: error.refusal, wasReady: wasReady)
            default: .retry(seconds: nil)
            }
        self.init(remedy, error.message)
    }

    private static func remedy(for refusal: WebSocketError.Refusal?, wasReady: Bool) -> Remedy {
        guard let refusal else { return .retry(seconds: nil) }
        let seconds = refusal.headers[.retryAfter].flatMap(Double.init).map { max($0, 0) }
        switch refusal.status.code {
        case 429, 503: return .wait(seconds: seconds)
        case 500...599: return .retry(seconds: seconds)
        case 401, 403: return .fail
        default: return wasReady ? .retry(seconds: seconds) : .fail
        }
    }
}
