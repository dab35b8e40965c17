internal import Locks

/// Counts one connection that stays open, from its beginning to its end.
package final class SocketCount: Sendable {
    /// What it is for.
    package enum Endpoint: String, Sendable, CaseIterable {
        /// `/v1/listen`.
        case listen
        /// `/v1/recognize` and `/v1/detect` of a gateway.
        case recognize, detect
        /// A session's events for onlookers, and those for administrators.
        case events
        case adminEvents = "admin_events"
    }

    /// How far it is.
    package enum State: String, Sendable, CaseIterable {
        /// The client has not said yet what it wants.
        case starting
        case open
    }

    /// Reasons to end beside the codes of errors.
    package enum End: String, Sendable, CaseIterable {
        /// Everything was said.
        case finished
        /// The other end has gone, or the network between.
        case left
        case serverStopped = "server_stopped"
    }

    private let endpoint: Endpoint
    private let metrics: GatewayMetrics
    private let state = Guarded<State?>(.starting)

    /// - Parameter isOpen: whether there is nothing to wait for.
    package init(_ endpoint: Endpoint, _ metrics: GatewayMetrics, isOpen: Bool = false) {
        self.endpoint = endpoint
        self.metrics = metrics
        metrics.socketOpened(endpoint)
        if isOpen { begin() }
    }

    /// The client is served from now on.
    package func begin() {
        state.withLock { state in
            guard state == .starting else { return }
            state = .open
            metrics.socketChanged(endpoint, from: .starting, to: .open)
        }
    }

    /// It is over; only the first reason counts.
    package func end(_ reason: String) {
        state.withLock { state in
            guard let last = state else { return }
            state = nil
            metrics.socketChanged(endpoint, from: last, to: nil)
            metrics.socketClosed(endpoint, reason)
        }
    }

    package func end(_ reason: End) { end(reason.rawValue) }
}
