internal import Streaming

/// The gateway's counts in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct MetricsText {
    private(set) var text = ""

    init(_ counts: GatewayStatistics.Counts, isReady: Bool) {
        add("sori_ready", "gauge", "Whether a session can be served.", isReady ? 1 : 0)
        add("sori_sessions", "gauge", "Sessions that are open.", Double(counts.sessions))
        add("sori_sessions_opened_total", "counter", "Sessions opened.", Double(counts.sessionsOpened))
        add("sori_sessions_resumed_total", "counter", "Sessions taken up again.", Double(counts.sessionsResumed))
        add(
            "sori_sessions_refused_total", "counter", "Sessions refused for lack of room.",
            Double(counts.sessionsRefused))
        add("sori_audio_seconds_total", "counter", "Sound that came.", counts.audioSeconds)
        add("sori_finals_total", "counter", "Utterances with their final text.", Double(counts.finals))
        add("sori_live_windows_total", "counter", "Live windows recognised.", Double(counts.liveWindows))
        add(
            "sori_live_seconds_total", "counter", "Time from asking for live windows to their text.", counts.liveSeconds
        )
        add("sori_utterances_total", "counter", "Whole utterances recognised.", Double(counts.wholeUtterances))
        add(
            "sori_utterance_seconds_total", "counter", "Time from asking for utterances to their text.",
            counts.wholeSeconds)
        add("sori_recognition_failures_total", "counter", "Windows that failed.", Double(counts.recognitionFailures))
        add("sori_detection_failures_total", "counter", "Detections that failed.", Double(counts.detectionFailures))
        header("sori_dropped_total", "counter", "Texts that were not believed, by reason.")
        for (reason, count) in counts.dropped.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text += "sori_dropped_total{reason=\"\(reason.rawValue)\"} \(count)\n"
        }
    }

    private mutating func add(_ name: String, _ type: String, _ help: String, _ value: Double) {
        header(name, type, help)
        text += "\(name) \(value)\n"
    }

    private mutating func header(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}
