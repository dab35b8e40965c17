import CoreMetrics
import PrometheusMetrics
import Testing

@Suite("Metrics as Prometheus reads them")
struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry([
        .init("wait_seconds", .histogram, "How long.", labels: [.init("kind", ["live"])], buckets: [0.1, 1]),
        .init("requests_total", .counter, "How many.", labels: [.init("reason", ["a\"\n\\", "b"])]),
        .init("open", .gauge, "How many now."),
    ])

    @Test("a metric is there before anything was counted, with what it is")
    func empty() {
        #expect(
            registry.text == #"""
                # HELP open How many now.
                # TYPE open gauge
                # HELP requests_total How many.
                # TYPE requests_total counter
                requests_total{reason="a\"\n\\"} 0.0
                requests_total{reason="b"} 0.0
                # HELP wait_seconds How long.
                # TYPE wait_seconds histogram

                """#)
    }

    @Test("counters, gauges and histograms are written by name and labels")
    func series() {
        Counter(label: "requests_total", dimensions: [("reason", "b")], factory: registry).increment(by: 2)
        Counter(label: "requests_total", dimensions: [("reason", "a\"\n\\")], factory: registry).increment()
        Counter(label: "requests_total", dimensions: [("reason", "b")], factory: registry).increment()
        let open = Meter(label: "open", factory: registry)
        open.increment(by: 3)
        open.decrement(by: 1)
        let wait = Timer(label: "wait_seconds", dimensions: [("kind", "live")], factory: registry)
        for milliseconds in [50, 100, 500, 5000] { wait.recordMilliseconds(milliseconds) }
        let lines = registry.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "open 2.0",
                #"requests_total{reason="a\"\n\\"} 1.0"#,
                #"requests_total{reason="b"} 3.0"#,
                #"wait_seconds_bucket{kind="live",le="0.1"} 2"#,
                #"wait_seconds_bucket{kind="live",le="1.0"} 3"#,
                #"wait_seconds_bucket{kind="live",le="+Inf"} 4"#,
                #"wait_seconds_sum{kind="live"} 5.65"#,
                #"wait_seconds_count{kind="live"} 4"#,
            ])
    }

    @Test("a counter with several labels is there from the beginning only where that is wanted")
    func zeros() {
        let labels = [MetricDescription.Label("a", ["1", "2"]), .init("b", ["3"])]
        let some = PrometheusRegistry([
            .init("early_total", .counter, "Early.", labels: labels, startsAtZero: true),
            .init("late_total", .counter, "Late.", labels: labels),
        ])
        let lines = some.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines == [#"early_total{a="1",b="3"} 0.0"#, #"early_total{a="2",b="3"} 0.0"#])
    }

    @Test("values without end are one series")
    func cardinality() {
        for number in 0..<10_000 {
            Counter(label: "requests_total", dimensions: [("reason", "session-\(number)")], factory: registry)
                .increment()
        }
        let lines = registry.text.split(separator: "\n").filter { $0.hasPrefix("requests_total") }
        #expect(lines.count == 3 && lines.contains(#"requests_total{reason="other"} 10000.0"#))
    }

    @Test("many threads may count at once")
    func threads() async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { [registry] in
                    for _ in 0..<1000 {
                        let reason = number % 2 == 0 ? "b" : "something else"
                        Counter(label: "requests_total", dimensions: [("reason", reason)], factory: registry)
                            .increment()
                    }
                }
            }
        }
        #expect(registry.text.contains(#"requests_total{reason="b"} 4000.0"#))
        #expect(registry.text.contains(#"requests_total{reason="other"} 4000.0"#))
    }
}
