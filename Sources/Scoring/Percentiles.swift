/// The distribution of a list of measurements.
package struct Percentiles: Sendable {
    private let sorted: [Double]

    /// Creates the distribution, `nil` when there are no values or one of them is no number.
    package init?(_ values: some Sequence<Double>) {
        let sorted = values.sorted()
        guard !sorted.isEmpty, !sorted.contains(where: \.isNaN) else { return nil }
        self.sorted = sorted
    }

    /// Number of values.
    package var count: Int { sorted.count }
    /// Half of the values are below.
    package var median: Double { value(at: 0.5) }
    /// The 90th percentile.
    package var p90: Double { value(at: 0.9) }
    /// The 95th percentile.
    package var p95: Double { value(at: 0.95) }
    /// The 99th percentile.
    package var p99: Double { value(at: 0.99) }
    /// The smallest value.
    package var minimum: Double { sorted[0] }
    /// The largest value.
    package var maximum: Double { sorted[sorted.count - 1] }
    /// The arithmetic mean.
    package var mean: Double { sorted.reduce(0, +) / Double(sorted.count) }

    /// The value below which a fraction (0...1) of the values lie, interpolated linearly between neighbours: type 7 of
    /// Hyndman and Fan (1996), the default of NumPy and R.
    package func value(at fraction: Double) -> Double {
        let position = min(max(fraction, 0), 1) * Double(sorted.count - 1)
        let lower = Int(position)
        guard lower + 1 < sorted.count else { return maximum }
        return sorted[lower] + (position - Double(lower)) * (sorted[lower + 1] - sorted[lower])
    }
}
