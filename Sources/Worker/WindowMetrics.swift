package import CoreMetrics
package import PrometheusMetrics
package import Recognition

/// What the work on windows was spent on, where they are recognised.
package struct WindowMetrics: Sendable {
    private let factory: any MetricsFactory

    package init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// Takes in a window.
    package func take(_ times: WindowTimes) {
        for (part, seconds) in [("encode", times.encode), ("prompt", times.prompt), ("decode", times.decode)] {
            Timer(label: "sori_window_part_duration_seconds", dimensions: [("part", part)], factory: factory)
                .recordNanoseconds(Int64(seconds * 1e9))
        }
    }

    /// Metrics of whatever has lanes.
    package static let descriptions: [MetricDescription] = [
        .init(
            "sori_window_part_duration_seconds", .histogram,
            "Work on a window, by part: its sound, what precedes the text, and the text.",
            labels: [.init("part", ["encode", "prompt", "decode"])],
            buckets: [0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2.5]),
        .init("sori_lanes", .gauge, "Lanes: windows that can be worked on at the same time."),
        .init("sori_lanes_busy", .gauge, "Lanes that work."),
        .init("sori_lane_queue_length", .gauge, "Requests that wait for a lane."),
    ]
}
