/// When to try again to connect: after pauses that double from one failure to the next.
package struct ReconnectPause: Sendable {
    private let range: ClosedRange<Duration>
    private var next: Duration
    /// Before this, nothing is tried.
    package private(set) var end: ContinuousClock.Instant?

    /// - Parameter range: the first pause, and the longest to which they grow.
    package init(_ range: ClosedRange<Duration>) {
        self.range = range
        next = range.lowerBound
    }

    /// A try has failed.
    package mutating func failed(at now: ContinuousClock.Instant) {
        end = now + next
        next = min(next * 2, range.upperBound)
    }

    /// A try has worked.
    package mutating func succeeded() { self = ReconnectPause(range) }
}
