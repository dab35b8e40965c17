internal import Locks

/// Whether a session can be served now, and if not, why.
package final class Readiness: Sendable {
    /// After so many failed windows in a row, of any sessions, recognition is taken to fail for all.
    private static let mostFailures = 3

    private enum State {
        case loading
        case ready(failures: Int)
        case failing(String)
        case withoutWorkers(String)
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
            case .withoutWorkers(let reason): "no recogniser is ready: \(reason)"
            case .stopping: "the server stops"
            }
        }
    }

    /// Whether recognition fails for all, so that the server has to test itself until it works again.
    package var isFailing: Bool { state.withLock { if case .failing = $0 { true } else { false } } }

    /// Whether the process stops.
    package var isStopping: Bool { state.withLock { if case .stopping = $0 { true } else { false } } }

    /// A recognition has worked.
    package func worked() {
        state.withLock { state in
            switch state {
            case .stopping, .withoutWorkers: break
            case .loading, .ready, .failing: state = .ready(failures: 0)
            }
        }
    }

    /// A recognition has failed.
    package func failed(_ error: RecognitionError) {
        // A full queue, an invalid request and a cancelled one do not mean that recognition fails for others.
        // Whether workers are there is told by ``workers(areMissingBecause:)``.
        guard error.code.mayWorkLater, ![.overloaded, .noWorker].contains(error.code) else { return }
        state.withLock { state in
            guard case .ready(let failures) = state else { return }
            state = failures + 1 < Self.mostFailures ? .ready(failures: failures + 1) : .failing(error.message)
        }
    }

    /// Recognisers in other processes are there (`nil`), or are not.
    package func workers(areMissingBecause reason: String?) {
        state.withLock { state in
            switch (state, reason) {
            case (.stopping, _), (.ready, nil), (.failing, _): break
            case (_, let reason?): state = .withoutWorkers(reason)
            case (_, nil): state = .ready(failures: 0)
            }
        }
    }

    /// The server stops.
    package func stop() { state.withLock { $0 = .stopping } }
}
