internal import Recognition
package import SoriProtocol

/// What is known of one worker.
package struct WorkerRecord: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What became of it, for people.
    package enum State: String, Sendable, Codable, CaseIterable {
        /// There is no connection.
        case unreachable
        /// It has another model than the others, or speaks another version.
        case refused
        /// It says itself that it is not ready.
        case notReady = "not_ready"
        /// It has failed, and is left alone for a while.
        case resting
        /// It gets no more windows, because somebody said so.
        case drained
        case ready
    }

    /// Where it listens.
    package let address: WorkerAddress
    /// What it said when the connection was opened; `nil` without one.
    package internal(set) var hello: WorkerReply.Hello?
    /// Why there is no connection, or why it is not used.
    package internal(set) var reason: String? = "not connected yet"
    /// Whether it is not used because of what it is.
    var isRefused = false
    /// What it said last at `/is_ready`.
    package internal(set) var status: WorkerStatus?
    /// Why it could not be asked; `nil` where it could.
    var probeFailure: String? = "not asked yet"
    /// Requests of this gateway that it has not answered.
    package internal(set) var inFlight = 0
    /// Those it had when it said ``status``.
    var inFlightAtStatus = 0
    /// Seconds of work for a window, on average of the last.
    package internal(set) var averageWork = 0.1
    /// Requests answered, and requests that came to nothing.
    package internal(set) var answered = 0
    package internal(set) var failed = 0
    /// Failures since the last answer.
    var failures = 0
    var restsUntil: Instant?
    package internal(set) var isDrained = false
    /// States it was in, the newest last.
    package internal(set) var history: [(at: Instant, state: State)] = []

    init(_ address: WorkerAddress) { self.address = address }

    /// What computes there: `cpu`, or the name of another device.
    package var device: String? { hello?.recognizer?.device ?? hello?.detector?.device }
    /// Windows that it works on at the same time.
    var lanes: Int { max(1, hello?.recognizer?.lanes ?? hello?.detector?.lanes ?? 1) }
    /// Whether something else than a processor computes there.
    package var isGPU: Bool { device.map { !$0.lowercased().hasPrefix("cpu") } ?? false }

    /// What it is good for now.
    package func state(at now: Instant) -> State {
        if isRefused { return .refused }
        if hello == nil { return .unreachable }
        if isDrained { return .drained }
        if probeFailure != nil || status?.ready == false { return .notReady }
        if let restsUntil, restsUntil > now { return .resting }
        return .ready
    }

    /// Why it gets no windows; `nil` when it does.
    package func unavailableReason(at now: Instant) -> String? {
        switch state(at: now) {
        case .ready: nil
        case .unreachable, .refused: reason
        case .notReady: probeFailure ?? status?.reason
        case .resting: reason ?? "it has failed"
        case .drained: "it is drained"
        }
    }

    /// Seconds until a request that is sent now would be worked on: by what it said, and what was sent since.
    package var expectedWait: Double {
        let others = status.map { max(0, $0.busy + $0.queue - inFlightAtStatus) } ?? 0
        let ahead = inFlight + others
        return ahead < lanes ? 0 : averageWork * (Double(ahead - lanes) + 1) / Double(lanes)
    }
}
