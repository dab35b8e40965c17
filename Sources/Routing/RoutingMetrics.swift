internal import CoreMetrics
package import PrometheusMetrics
internal import Recognition

/// Where windows went, in numbers, through swift-metrics.
package struct RoutingMetrics: Sendable {
    private let factory: any MetricsFactory

    package init(factory: PrometheusRegistry) {
        self.factory = factory
    }

    /// Counts what happened to a request.
    package func take(_ event: WorkerPool.Event, role: String) {
        switch event {
        case .changed: break
        case .routed(let kind, let isGPU, let outcome):
            count(
                "sori_windows_total",
                [("role", role), ("device", isGPU ? "gpu" : "cpu"), ("kind", kind), ("outcome", outcome.label)])
        case .failedOver(let isLate):
            count("sori_failovers_total", [("role", role), ("reason", isLate ? "late" : "failed")])
        }
    }

    /// Takes in how workers are now.
    package func set(_ table: WorkerTable, role: String) {
        for state in WorkerRecord.State.allCases {
            let count = table.workers.values.count { $0.state(at: .now) == state }
            Meter(label: "sori_workers", dimensions: [("role", role), ("state", state.rawValue)], factory: factory)
                .set(count)
        }
    }

    private func count(_ name: String, _ labels: [(String, String)]) {
        Counter(label: name, dimensions: labels, factory: factory).increment()
    }

    private static let role = MetricDescription.Label("role", ["recognizer", "detector"])

    /// Windows by where they went; also of a server that recognises itself.
    package static let windows = MetricDescription(
        "sori_windows_total", .counter,
        "Windows that were recognised or detected, or not: each once for every worker that had it.",
        labels: [
            role, .init("device", ["cpu", "gpu"]),
            .init("kind", RecognitionPriority.allCases.map(\.rawValue) + ["detection"]),
            .init("outcome", ["answered", "failed", "refused", "withdrawn"]),
        ])

    /// All metrics of routing. None has a label that holds text, tokens, addresses or names of sessions.
    package static let descriptions: [MetricDescription] = [
        .init(
            "sori_workers", .gauge, "Workers, by what they are good for now.",
            labels: [role, .init("state", WorkerRecord.State.allCases.map(\.rawValue))]),
        windows,
        .init(
            "sori_failovers_total", .counter, "Requests that another worker got, because the first failed or was late.",
            labels: [role, .init("reason", ["failed", "late"])], startsAtZero: true),
    ]
}

extension WorkerTable.Outcome {
    fileprivate var label: String {
        switch self {
        case .answered: "answered"
        case .failed: "failed"
        case .refused: "refused"
        case .neither: "withdrawn"
        }
    }
}
