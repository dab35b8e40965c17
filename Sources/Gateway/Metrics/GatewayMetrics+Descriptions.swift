package import PrometheusMetrics
internal import Recognition
internal import SoriProtocol
internal import Streaming

extension GatewayMetrics {
    private static let endpoint = MetricDescription.Label("endpoint", SocketCount.Endpoint.allCases.map(\.rawValue))
    private static let kind = MetricDescription.Label("kind", RecognitionPriority.allCases.map(\.rawValue))
    private static let errors = ErrorCode.all.map(\.rawValue)

    /// All metrics of a gateway. None has a label that holds text, tokens, addresses or names of sessions.
    package static let descriptions: [MetricDescription] = [
        .init("sori_ready", .gauge, "Whether requests are served: 1 or 0."),
        .init(
            "sori_sockets", .gauge, "Connections that stay open, by what they are for.",
            labels: [endpoint, .init("state", SocketCount.State.allCases.map(\.rawValue))]),
        .init("sori_sockets_opened_total", .counter, "Such connections that were opened.", labels: [endpoint]),
        .init(
            "sori_sockets_closed_total", .counter, "Such connections that are over, by reason or error code.",
            labels: [endpoint, .init("reason", SocketCount.End.allCases.map(\.rawValue) + errors)],
            startsAtZero: true),
        .init(
            "sori_handshakes_refused_total", .counter,
            "WebSockets that were refused because their address had opened too many."),
        .init("sori_sessions", .gauge, "Sessions that are open."),
        .init("sori_sessions_opened_total", .counter, "Sessions opened."),
        .init("sori_sessions_resumed_total", .counter, "Sessions taken up again."),
        .init("sori_sessions_taken_over_total", .counter, "Sessions that were taken over from other gateways."),
        .init(
            "sori_sessions_closed_total", .counter, "Sessions that are over, by reason.",
            labels: [.init("reason", SessionEnd.allCases.map(\.rawValue))]),
        .init(
            "sori_sessions_refused_total", .counter, "Connections that got no session, by error code.",
            labels: [.init("reason", errors)]),
        .init("sori_audio_seconds_total", .counter, "Sound that came."),
        .init("sori_finals_total", .counter, "Utterances with their final text."),
        .init(
            "sori_word_latency_seconds", .histogram,
            "From when a word's last sample came to text that stays, for each word of a final.",
            buckets: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 10]),
        .init(
            "sori_texts_dropped_total", .counter, "Texts that were recognised and not believed.",
            labels: [.init("reason", HallucinationGuard.Reason.allCases.map(\.rawValue))]),
        .init(
            "sori_detections_total", .counter, "What the detector said of sound; where it failed, sound is speech.",
            labels: [.init("outcome", ["speech", "silence", "failed"])]),
        .init(
            "sori_hop_seconds", .histogram, "Seconds between live windows, for each: more when the machine is busy.",
            buckets: [0.3, 0.5, 0.55, 0.6, 0.7, 0.8, 1, 1.25, 1.5, 3, 10]),
        .init(
            "sori_recognition_duration_seconds", .histogram,
            "From asking for a window to its text: live windows, finals, and guesses in a pause.",
            labels: [kind, .init("outcome", ["answered", "failed", "withdrawn"])],
            buckets: [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10]),
        .init(
            "sori_recognition_work_seconds_total", .counter, "Work of lanes on windows that were recognised.",
            labels: [kind]),
        .init(
            "sori_checkpoint_duration_seconds", .histogram, "Storing a session's record, so that others can go on.",
            buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]),
        .init("sori_store_failures_total", .counter, "Records of sessions that could not be stored."),
        .init("sori_store_degraded", .gauge, "Whether sessions are kept in memory because the store is gone: 1 or 0."),
    ]
}
