/// When the next block of a recording is due, if it shall last as long as it did when it was spoken.
///
/// Deadlines are counted from the start, so that small delays do not add up.
package struct Pace<C: Clock>: Sendable where C.Duration == Duration {
    private let clock: C
    private let start: C.Instant

    /// Starts counting.
    package init(clock: C) {
        self.clock = clock
        start = clock.now
    }

    /// Waits until so many seconds of sound have been spoken.
    package func wait(until seconds: Double) async throws {
        try await clock.sleep(until: start.advanced(by: .seconds(seconds)), tolerance: nil)
    }
}
