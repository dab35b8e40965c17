internal import CoreMetrics
package import PrometheusMetrics
internal import Recognition

/// What a worker does, in numbers, through swift-metrics.
package final class WorkerMetrics: Sendable {
    private let factory: any MetricsFactory
    private let connections, ready: Meter
    private let missing: Counter

    package init(factory: PrometheusRegistry) {
        self.factory = factory
        connections = Meter(label: "sori_worker_connections", factory: factory)
        ready = Meter(label: "sori_ready", factory: factory)
        missing = Counter(label: "sori_worker_sound_missing_total", factory: factory)
        ready.set(0)
        connections.set(0)
    }

    func connected() { connections.increment() }

    func disconnected() { connections.decrement() }

    func soundMissing() { missing.increment() }

    func answered(_ kind: String, _ answer: Result<some Any, RecognitionError>, seconds: Double) {
        let outcome =
            switch answer {
            case .success: "answered"
            case .failure(let error): error.code.description
            }
        Timer(
            label: "sori_worker_request_duration_seconds", dimensions: [("kind", kind), ("outcome", outcome)],
            factory: factory
        ).recordNanoseconds(Int64(seconds * 1e9))
    }

    func take(_ times: WindowTimes) { WindowMetrics(factory: factory).take(times) }

    /// Takes in the state of now.
    func set(isReady: Bool, _ load: WorkerLoad) {
        ready.set(isReady ? 1 : 0)
        for (name, value) in [
            ("sori_lanes", load.lanes), ("sori_lanes_busy", load.busy), ("sori_lane_queue_length", load.queued),
        ] {
            Meter(label: name, factory: factory).set(value)
        }
    }

    /// All metrics of a worker beside ``WindowMetrics``. None has a label that holds text, tokens, addresses or names of sessions.
    package static let descriptions: [MetricDescription] = [
        .init("sori_ready", .gauge, "Whether requests are served: 1 or 0."),
        .init("sori_worker_connections", .gauge, "Gateways that are connected."),
        .init("sori_worker_sound_missing_total", .counter, "Requests whose earlier sound was not here any longer."),
        .init(
            "sori_worker_request_duration_seconds", .histogram,
            "From a request to its answer: live windows, finals, guesses, detections.",
            labels: [
                .init("kind", RecognitionPriority.allCases.map(\.rawValue) + ["detection"]),
                .init("outcome", ["answered"] + RecognitionError.Code.all.map(\.description)),
            ],
            buckets: [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10]),
    ]
}
