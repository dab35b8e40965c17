internal import CoreMetrics
internal import Locks

/// One time series.
protocol Series: AnyObject, Sendable {
    /// Writes its lines.
    ///
    /// - Parameter labels: such as `kind="live"`; empty for none.
    func write(_ name: String, labels: String, to text: inout String)
}

/// A counter or a gauge.
final class NumberSeries: Series, CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let value = Guarded(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { increment(by: -amount) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func reset() { set(0.0) }

    func write(_ name: String, labels: String, to text: inout String) {
        text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value.withLock { $0 })\n"
    }
}

/// A histogram: how often a value was not above each bound.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct Counts {
        /// By bucket, the last one for what is above all bounds.
        var counts: [Int]
        var sum = 0.0
    }

    private let buckets: [Double]
    private let state: Guarded<Counts>

    init(buckets: [Double]) {
        self.buckets = buckets
        state = Guarded(Counts(counts: .init(repeating: 0, count: buckets.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let index = buckets.firstIndex { value <= $0 } ?? buckets.count
        state.withLock {
            $0.counts[index] += 1
            $0.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(_ name: String, labels: String, to text: inout String) {
        let state = state.withLock { $0 }
        let (prefix, braced) = labels.isEmpty ? ("", "") : (labels + ",", "{\(labels)}")
        var total = 0
        for (bound, count) in zip(buckets.map { "\($0)" } + ["+Inf"], state.counts) {
            total += count
            text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_sum\(braced) \(state.sum)\n\(name)_count\(braced) \(total)\n"
    }
}
