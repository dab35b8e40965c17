package import CoreMetrics
internal import Recognition
internal import SoriProtocol
internal import Streaming
internal import Worker

/// What a gateway does, in numbers, through swift-metrics.
package final class GatewayMetrics: Sendable {
    private let factory: any MetricsFactory
    /// `cpu` or `gpu` where this process recognises; a gateway counts windows where it routes them.
    private let device: String?
    private let sessions, ready: Meter
    private let audio: FloatingPointCounter
    private let wordLatency: Recorder

    package init(factory: any MetricsFactory, device: String? = nil) {
        self.factory = factory
        self.device = device
        sessions = Meter(label: "sori_sessions", factory: factory)
        ready = Meter(label: "sori_ready", factory: factory)
        audio = FloatingPointCounter(label: "sori_audio_seconds_total", factory: factory)
        wordLatency = Recorder(label: "sori_word_latency_seconds", aggregate: true, factory: factory)
        ready.set(0)
        sessions.set(0)
        set(isDegraded: false)
    }

    // MARK: - Sockets

    func socketOpened(_ endpoint: SocketCount.Endpoint) {
        count("sori_sockets_opened_total", ("endpoint", endpoint.rawValue))
        sockets(endpoint, .starting).increment()
    }

    func socketChanged(_ endpoint: SocketCount.Endpoint, from: SocketCount.State, to: SocketCount.State?) {
        sockets(endpoint, from).decrement()
        if let to { sockets(endpoint, to).increment() }
    }

    func socketClosed(_ endpoint: SocketCount.Endpoint, _ reason: String) {
        count("sori_sockets_closed_total", ("endpoint", endpoint.rawValue), ("reason", reason))
    }

    func handshakeRefused() { count("sori_handshakes_refused_total") }

    private func sockets(_ endpoint: SocketCount.Endpoint, _ state: SocketCount.State) -> Meter {
        Meter(
            label: "sori_sockets", dimensions: [("endpoint", endpoint.rawValue), ("state", state.rawValue)],
            factory: factory)
    }

    // MARK: - Sessions

    func sessionOpened() {
        count("sori_sessions_opened_total")
        sessions.increment()
    }

    func sessionResumed() { count("sori_sessions_resumed_total") }

    func sessionTakenOver() {
        count("sori_sessions_taken_over_total")
        sessions.increment()
    }

    func sessionClosed(_ reason: SessionEnd) {
        count("sori_sessions_closed_total", ("reason", reason.rawValue))
        sessions.decrement()
    }

    func sessionRefused(_ code: ErrorCode) { count("sori_sessions_refused_total", ("reason", code.rawValue)) }

    // MARK: - State

    func set(isDegraded: Bool) { Meter(label: "sori_store_degraded", factory: factory).set(isDegraded ? 1 : 0) }

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

    // MARK: - Captions

    /// Counts what a session did.
    func take(_ note: ServerSession.Note) {
        switch note {
        case .heard(let seconds): audio.increment(by: seconds)
        case .final(let latencies):
            count("sori_finals_total")
            for seconds in latencies { wordLatency.record(seconds) }
        case .dropped(let reason): count("sori_texts_dropped_total", ("reason", reason.rawValue))
        case .recognized(let work, let window): recognized(work, window)
        case .recognitionFailed(_, let work, let seconds, _): finished(work, seconds, "failed")
        case .withdrawn(let work, let seconds): finished(work, seconds, "withdrawn")
        case .detected(let isSpeech):
            count("sori_detections_total", ("outcome", isSpeech ? "speech" : "silence"))
        case .detectionFailed: count("sori_detections_total", ("outcome", "failed"))
        case .stored(let seconds): time("sori_checkpoint_duration_seconds", [], seconds)
        case .storeFailed: count("sori_store_failures_total")
        case .audioFailed: break
        }
    }

    private func recognized(_ work: RecognitionWork, _ window: ServerSession.Note.Window) {
        finished(work, window.turnaround, "answered")
        FloatingPointCounter(
            label: "sori_recognition_work_seconds_total", dimensions: [("kind", work.kind)], factory: factory
        ).increment(by: window.work)
        if case .live = work.request.priority { time("sori_hop_seconds", [], window.hop) }
        // A gateway's workers tell it themselves.
        if device != nil, let times = window.times { WindowMetrics(factory: factory).take(times) }
    }

    private func finished(_ work: RecognitionWork, _ seconds: Double, _ outcome: String) {
        time("sori_recognition_duration_seconds", [("kind", work.kind), ("outcome", outcome)], seconds)
        guard let device else { return }
        count(
            "sori_windows_total", ("role", "recognizer"), ("device", device), ("kind", work.kind), ("outcome", outcome))
    }

    private func time(_ name: String, _ labels: [(String, String)], _ seconds: Double) {
        Timer(label: name, dimensions: labels, factory: factory).recordNanoseconds(Int64(seconds * 1e9))
    }

    private func count(_ name: String, _ labels: (String, String)...) {
        Counter(label: name, dimensions: labels, factory: factory).increment()
    }
}

extension RecognitionWork {
    /// As the value of a label.
    fileprivate var kind: String { request.priority.rawValue }
}
