internal import SoriProtocol

/// When a client has sent no sound for so long that it is taken to be silent: a clock that runs only while the server has
/// nothing to do for the session, since a client may wait for its acknowledgements.
struct GapWatch {
    private let gap: Duration
    private var since = ContinuousClock.now
    /// Work that is under way.
    private var work = 0
    private var isTimed = false

    /// - Parameter seconds: how long it is; 0 for never.
    init(_ seconds: Double) {
        gap = .seconds(seconds)
    }

    /// Sound has come, or the client.
    mutating func restart() {
        since = .now
    }

    /// Notes work that was begun, and an answer that came.
    mutating func isBusy(with jobs: Int, after isAnswer: Bool) {
        work += jobs - (isAnswer ? 1 : 0)
        if isAnswer { since = .now }
    }

    /// A time that ``next()`` asked for is over.
    mutating func waited() {
        isTimed = false
    }

    /// Whether there has been nothing for long enough.
    var isOver: Bool { gap > .zero && work == 0 && .now - since >= gap }

    /// How long to wait before ``isOver`` is to be looked at; `nil` where somebody waits already, or nothing is to be
    /// waited for.
    mutating func next() -> Duration? {
        guard gap > .zero, work == 0, !isTimed else { return nil }
        isTimed = true
        return max(gap - (.now - since), .milliseconds(1))
    }
}

/// The places of flushes that are not done yet, at the client's rate, oldest first.
struct FlushPlaces {
    private var places: [(samples: Int, reason: ServerMessage.Flush.Reason)] = []

    mutating func add(_ reason: ServerMessage.Flush.Reason, at samples: Int) {
        places.append((samples, reason))
    }

    mutating func next() -> (samples: Int, reason: ServerMessage.Flush.Reason)? {
        places.isEmpty ? nil : places.removeFirst()
    }
}

extension SessionLoop.Job {
    /// Whether it is work of the recogniser or the detector.
    var isWork: Bool {
        switch self {
        case .detect, .recognize: true
        case .wait, .expire: false
        }
    }
}

extension LiveSession.Input {
    /// Whether it is the end of work of the recogniser or the detector.
    var isAnswer: Bool {
        switch self {
        case .detected, .recognized: true
        default: false
        }
    }
}
