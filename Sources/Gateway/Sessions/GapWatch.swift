/// When a client has sent no sound for so long that it is taken to be silent: a clock that runs only while the server has
/// nothing to do for the session, since a client may wait for its acknowledgements.
struct GapWatch: Sendable {
    private let gap: Duration
    private var since: ServerSession.Instant
    /// Questions to detector and recogniser that have no answer yet.
    private var open = 0

    /// - Parameter seconds: how long it is; 0 for never.
    init(_ seconds: Double, at now: ServerSession.Instant) {
        gap = .seconds(seconds)
        since = now
    }

    /// How long it is; 0 for never.
    var seconds: Double { gap / .seconds(1) }

    /// Sound has come, or the client.
    mutating func restart(at now: ServerSession.Instant) { since = now }

    /// Something is asked of detector or recogniser.
    mutating func asked() { open += 1 }

    /// There is an answer, or it is not waited for any longer.
    mutating func answered(at now: ServerSession.Instant) {
        open -= 1
        since = now
    }

    /// When there has been nothing for long enough; `nil` while something is waited for.
    var deadline: ServerSession.Instant? { gap > .zero && open == 0 ? since + gap : nil }

    /// Whether there has been nothing for long enough.
    func isOver(at now: ServerSession.Instant) -> Bool { deadline.map { now >= $0 } ?? false }
}
