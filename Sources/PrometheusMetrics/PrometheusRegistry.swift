public import CoreMetrics
internal import Locks

/// A swift-metrics backend that keeps every series in memory and writes Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
///
/// Only metrics that are described are shown, each with the kind, the labels and the buckets of its description: a name that was
/// misspelt shows in a test and not on a dashboard, and no label can have values without end.
public final class PrometheusRegistry: MetricsFactory {
    private let descriptions: [String: MetricDescription]
    /// Series by the name of the metric and the text of their labels.
    private let series = Guarded<[String: [String: any Series]]>([:])

    /// - Parameter descriptions: the metrics of the program.
    public init(_ descriptions: [MetricDescription]) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
        for metric in self.descriptions.values where metric.startsAtZero {
            for dimensions in metric.dimensions { _ = makeCounter(label: metric.name, dimensions: dimensions) }
        }
    }

    /// All series, by name and labels.
    public var text: String {
        let series = series.withLock { $0 }
        return descriptions.values.sorted { $0.name < $1.name }.reduce(into: "") { text, metric in
            text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for (labels, series) in series[metric.name, default: [:]].sorted(by: { $0.key < $1.key }) {
                series.write(metric.name, labels: labels, to: &text)
            }
        }
    }

    private func find<Found: Series>(
        _ name: String, _ kind: MetricDescription.Kind, _ labels: [(String, String)],
        make: (MetricDescription) -> Found
    ) -> Found {
        guard let metric = descriptions[name], metric.kind == kind, labels.map(\.0) == metric.labels.map(\.name) else {
            assertionFailure("\(name) is no \(kind) with labels \(labels.map(\.0)); describe it")
            return make(MetricDescription(name, kind, ""))
        }
        let key = zip(metric.labels, labels).map { label, given in
            let value = label.values.contains(given.1) ? given.1 : MetricDescription.Label.other
            return "\(label.name)=\"\(value.escaped)\""
        }.joined(separator: ",")
        return series.withLock { series in
            if let known = series[name]?[key] as? Found { return known }
            let made = make(metric)
            series[name, default: [:]][key] = made
            return made
        }
    }

    /// A counter; the same series for the same labels.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, .counter, dimensions) { _ in NumberSeries() }
    }

    /// A counter of fractions, such as seconds.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        find(label, .counter, dimensions) { _ in NumberSeries() }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, .gauge, dimensions) { _ in NumberSeries() }
    }

    /// A histogram where it aggregates, otherwise a gauge.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return find(label, .histogram, dimensions) { HistogramSeries(buckets: $0.buckets) } }
        return find(label, .gauge, dimensions) { _ in NumberSeries() }
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, .histogram, dimensions) { HistogramSeries(buckets: $0.buckets) }
    }

    /// Does nothing: series live as long as the process, as Prometheus must not see a counter vanish.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing: series live as long as the process, as Prometheus must not see a counter vanish.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Does nothing: series live as long as the process, as Prometheus must not see a counter vanish.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing: series live as long as the process, as Prometheus must not see a counter vanish.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing: series live as long as the process, as Prometheus must not see a counter vanish.
    public func destroyTimer(_ handler: any TimerHandler) {}
}

extension String {
    /// As the value of a label.
    fileprivate var escaped: String {
        reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
