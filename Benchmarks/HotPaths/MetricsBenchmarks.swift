import Benchmark
import CoreMetrics
import Gateway
import PrometheusMetrics
import Recognition
import Routing
import Worker

/// What is counted for a window, and what Prometheus is told.
func registerMetrics() {
    let prometheus = PrometheusRegistry(
        GatewayMetrics.descriptions + [RoutingMetrics.windows] + WindowMetrics.descriptions)
    let times = WindowTimes(encode: 0.031, prompt: 0.012, decode: 0.007)
    Benchmark("metrics-window") { _ in
        let kind = ("kind", "live")
        Timer(
            label: "sori_recognition_duration_seconds", dimensions: [kind, ("outcome", "answered")], factory: prometheus
        ).recordNanoseconds(51_000_000)
        Counter(
            label: "sori_windows_total",
            dimensions: [("role", "recognizer"), ("device", "cpu"), kind, ("outcome", "answered")], factory: prometheus
        ).increment()
        FloatingPointCounter(
            label: "sori_recognition_work_seconds_total", dimensions: [kind], factory: prometheus
        ).increment(by: 0.05)
        Timer(label: "sori_hop_seconds", factory: prometheus).recordNanoseconds(500_000_000)
        WindowMetrics(factory: prometheus).take(times)
    }
    Benchmark("metrics-page") { _ in blackHole(prometheus.text) }
}
