internal import SoriProtocol
internal import Synchronization

/// Whether a session can be served now, and if not, why.
package final class Readiness: Sendable {
    private let reason = Mutex<String?>("the recogniser is being loaded")

    package init() {}

    /// Why no session can be served; `nil` when one can.
    package var obstacle: String? { reason.withLock { $0 } }

    /// A recognition has worked.
    package func ready() {
        reason.withLock { $0 = nil }
    }

    /// No session can be served.
    package func unready(_ why: String) {
        reason.withLock { $0 = why }
    }

    /// - Throws: ``RequestFailure`` when no session can be served.
    func check() throws {
        if let obstacle { throw RequestFailure(.noWorkerReady, "\(obstacle); try again soon", retryAfter: 2) }
    }
}
