/// How long to wait before each new try: exponential, with full jitter.
///
/// Each pause is drawn evenly between ``minimum`` and a limit that grows with every try up to ``maximum``, so that many
/// clients that lost the same server do not come back at the same moment.
public struct Backoff: Sendable, Hashable {
    /// The shortest pause.
    public let minimum: Duration
    /// The limit of the first pause.
    public let initial: Duration
    /// The limit that is never exceeded.
    public let maximum: Duration
    /// By how much the limit grows with each try.
    public let factor: Double
    /// How many pauses there have been since the last success.
    public private(set) var attempts = 0

    /// Creates the pauses of one connection. Values that make no sense are brought into order.
    ///
    /// - Parameters:
    ///   - minimum: not negative.
    ///   - initial: at least `minimum`.
    ///   - maximum: at least `initial`.
    ///   - factor: at least 1.
    public init(
        minimum: Duration = .zero, initial: Duration = .milliseconds(500), maximum: Duration = .seconds(30),
        factor: Double = 2
    ) {
        self.minimum = max(minimum, .zero)
        self.initial = max(initial, self.minimum)
        self.maximum = max(maximum, self.initial)
        self.factor = max(factor, 1)
    }

    /// What the next pause cannot exceed.
    public var limit: Duration {
        var limit = initial
        for _ in 0..<attempts {
            limit = limit * factor
            if limit >= maximum { return maximum }
        }
        return limit
    }

    /// The next pause.
    public mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    /// The next pause, drawn with a generator of one's own.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let span = limit - minimum
        // Beyond this the limit has long been reached, whatever the factor.
        attempts = min(attempts + 1, 10_000)
        return minimum + span * Double.random(in: 0...1, using: &generator)
    }

    /// Starts again with the shortest limit, because a try succeeded.
    public mutating func reset() {
        attempts = 0
    }
}
