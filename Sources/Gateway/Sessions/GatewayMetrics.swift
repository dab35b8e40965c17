package import CoreMetrics
package import PrometheusMetrics
internal import Recognition
internal import SoriProtocol
internal import Streaming

/// What a gateway does, in numbers, through swift-metrics.
package final class GatewayMetrics: Sendable {
    private let factory: any MetricsFactory
    private let sessions, ready: Meter
    private let opened, resumed, closed, finals: Counter
    private let audio: FloatingPointCounter

    package init(factory: any MetricsFactory) {
        self.factory = factory
        sessions = Meter(label: "sori_sessions", factory: factory)
        ready = Meter(label: "sori_ready", factory: factory)
        opened = Counter(label: "sori_sessions_opened_total", factory: factory)
        resumed = Counter(label: "sori_sessions_resumed_total", factory: factory)
        closed = Counter(label: "sori_sessions_closed_total", factory: factory)
        finals = Counter(label: "sori_finals_total", factory: factory)
        audio = FloatingPointCounter(label: "sori_audio_seconds_total", factory: factory)
        ready.set(0)
    }

    func sessionOpened() {
        opened.increment()
        sessions.increment()
    }

    func sessionResumed() { resumed.increment() }

    func sessionTakenOver() {
        Counter(label: "sori_sessions_taken_over_total", factory: factory).increment()
        sessions.increment()
    }

    func set(isDegraded: Bool) { Meter(label: "sori_store_degraded", factory: factory).set(isDegraded ? 1 : 0) }

    func sessionClosed() {
        closed.increment()
        sessions.decrement()
    }

    func handshakeRefused() { Counter(label: "sori_handshakes_refused_total", factory: factory).increment() }

    func sessionRefused(_ code: ErrorCode) { count("sori_sessions_refused_total", ("reason", code.rawValue)) }

    package func set(isReady: Bool) { ready.set(isReady ? 1 : 0) }

    /// Takes in how busy a pool of lanes is.
    ///
    /// - Parameters:
    ///   - busy: lanes that work.
    ///   - queued: requests that wait for one.
    package func setLanes(_ count: Int, busy: Int, queued: Int) {
        for (name, value) in [("sori_lanes", count), ("sori_lanes_busy", busy), ("sori_lane_queue_length", queued)] {
            Meter(label: name, factory: factory).set(value)
        }
    }

    /// Counts what a session did.
    func take(_ note: ServerSession.Note) {
        switch note {
        case .heard(let seconds): audio.increment(by: seconds)
        case .final: finals.increment()
        case .dropped(let reason): count("sori_texts_dropped_total", ("reason", reason.rawValue))
        case .recognized(let work, let seconds, let worked):
            time(work, seconds, "recognized")
            FloatingPointCounter(
                label: "sori_recognition_work_seconds_total", dimensions: [("kind", work.kind)], factory: factory
            ).increment(by: worked)
        case .recognitionFailed(_, let work, let seconds, _): time(work, seconds, "failed")
        case .withdrawn(let work, let seconds): time(work, seconds, "withdrawn")
        case .detectionFailed: Counter(label: "sori_detection_failures_total", factory: factory).increment()
        case .storeFailed: Counter(label: "sori_store_failures_total", factory: factory).increment()
        case .audioFailed: break
        }
    }

    private func time(_ work: RecognitionWork, _ seconds: Double, _ outcome: String) {
        Timer(
            label: "sori_recognition_duration_seconds", dimensions: [("kind", work.kind), ("outcome", outcome)],
            factory: factory
        ).recordNanoseconds(Int64(seconds * 1e9))
    }

    private func count(_ name: String, _ label: (String, String)) {
        Counter(label: name, dimensions: [label], factory: factory).increment()
    }
}

extension GatewayMetrics {
    /// All metrics of a gateway. None has a label that holds text, tokens, addresses or names of sessions.
    package static let descriptions: [MetricDescription] = [
        .init("sori_ready", .gauge, "Whether a session can be served: 1 or 0."),
        .init("sori_sessions", .gauge, "Sessions that are open."),
        .init("sori_sessions_opened_total", .counter, "Sessions opened."),
        .init("sori_sessions_resumed_total", .counter, "Sessions taken up again."),
        .init("sori_sessions_closed_total", .counter, "Sessions that are over."),
        .init(
            "sori_sessions_refused_total", .counter, "Connections that got no session, by error code.",
            labels: ["reason"]),
        .init(
            "sori_handshakes_refused_total", .counter,
            "WebSockets that were refused because their address had opened too many."),
        .init("sori_audio_seconds_total", .counter, "Sound that came."),
        .init("sori_finals_total", .counter, "Utterances with their final text."),
        .init(
            "sori_texts_dropped_total", .counter, "Texts that were recognised and not believed.", labels: ["reason"]),
        .init(
            "sori_recognition_duration_seconds", .histogram,
            "From asking for a window to its text: live windows, finals, and guesses in a pause.",
            labels: ["kind", "outcome"], buckets: [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10]),
        .init(
            "sori_recognition_work_seconds_total", .counter, "Work of lanes on windows that were recognised.",
            labels: ["kind"]),
        .init("sori_detection_failures_total", .counter, "Detections that failed; the sound was taken for speech."),
        .init("sori_store_failures_total", .counter, "Records of sessions that could not be stored."),
        .init("sori_sessions_taken_over_total", .counter, "Sessions that were taken over from other gateways."),
        .init("sori_store_degraded", .gauge, "Whether sessions are kept in memory because the store is gone: 1 or 0."),
        .init("sori_lanes", .gauge, "Lanes of the recogniser."),
        .init("sori_lanes_busy", .gauge, "Lanes of the recogniser that work."),
        .init("sori_lane_queue_length", .gauge, "Windows that wait for a lane."),
    ]
}

extension RecognitionWork {
    /// As the value of a label.
    fileprivate var kind: String { request.priority.rawValue }
}
