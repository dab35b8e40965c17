internal import Locks
package import Recognition
internal import SoriProtocol

/// Whether a session can be served now, and if not, why.
package final class Readiness: Sendable {
    /// After so many failed windows in a row, of any sessions, recognition is taken to fail for all.
    private static let mostFailures = 3

    private enum State {
        case loading
        case ready(failures: Int)
        case failing(String)
        case stopping
    }

    private let state = Guarded(State.loading)

    package init() {}

    /// Why no session can be served; `nil` when one can.
    package var unavailableReason: String? {
        state.withLock { state in
            switch state {
            case .loading: "the recogniser is being loaded"
            case .ready: nil
            case .failing(let message): "speech cannot be recognised: \(message)"
            case .stopping: "the server stops"
            }
        }
    }

    /// Whether recognition fails for all, so that the server has to test itself until it works again.
    package var isFailing: Bool { state.withLock { if case .failing = $0 { true } else { false } } }

    private var isStopping: Bool { state.withLock { if case .stopping = $0 { true } else { false } } }

    /// A recognition has worked.
    package func worked() {
        state.withLock { state in
            if case .stopping = state { return }
            state = .ready(failures: 0)
        }
    }

    /// A recognition has failed.
    package func failed(_ error: RecognitionError) {
        // A full queue, an invalid request and a cancelled one do not mean that recognition fails for others.
        guard error.code.mayWorkLater, error.code != .overloaded else { return }
        state.withLock { state in
            guard case .ready(let failures) = state else { return }
            state = failures + 1 < Self.mostFailures ? .ready(failures: failures + 1) : .failing(error.message)
        }
    }

    /// The server stops.
    package func stop() { state.withLock { $0 = .stopping } }

    /// - Throws: ``RequestFailure`` when no session can be served.
    func check() throws {
        if isStopping { throw RequestFailure.serverStops }
        if let unavailableReason {
            throw RequestFailure(.noWorkerReady, "\(unavailableReason); try again soon", retryAfter: 2)
        }
    }
}
