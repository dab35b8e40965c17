import Gateway
import PrometheusMetrics
import Routing
import Worker

/// The metrics of each kind of process, and the document of all of them.
enum MetricsTable {
    private static let process = ProcessMetrics.descriptions(version: Version.current)

    /// Of `sori serve`.
    static let server = GatewayMetrics.descriptions + [RoutingMetrics.windows] + WindowMetrics.descriptions + process
    /// Of `sori gateway`. What it serves as a worker does it counts as one.
    static let gateway =
        GatewayMetrics.descriptions + RoutingMetrics.descriptions + WorkerMetrics.descriptions + process
    /// Of `sori worker`.
    static let worker = WorkerMetrics.descriptions + WindowMetrics.descriptions + process

    /// The whole of `docs/metrics.md`.
    static var document: String {
        let parts = [("serve", server), ("gateway", gateway), ("worker", worker)]
        let names = Set(parts.flatMap { $0.1.map(\.name) }).sorted()
        let rows = names.compactMap { name -> String? in
            let at = parts.filter { part in part.1.contains { $0.name == name } }.map(\.0)
            guard let metric = parts.flatMap(\.1).first(where: { $0.name == name }) else { return nil }
            let labels = metric.labels.map { label in
                "`\(label.name)`: \(label.values.joined(separator: ", "))"
            }.joined(separator: "; ")
            return
                "| `\(name)` | \(metric.kind.rawValue) | \(at.joined(separator: ", ")) | \(metric.help) | \(labels) |"
        }
        return """
            # Metrics

            Written by `sori config --metrics > docs/metrics.md`; a test compares.

            Every process has a page `/metrics` in Prometheus' text format, for whoever reaches its port: `deploy/nginx` does not let it
            out. Names and units follow Prometheus' conventions. A label has the values below and no others (what is not among them is
            counted as `other`), so there are never more series than that: no label holds text, tokens, addresses or names of sessions.

            | metric | kind | of `sori …` | meaning | labels |
            | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            Buckets of histograms, in seconds:

            | metric | upper bounds |
            | --- | --- |
            \(names.compactMap { name in parts.flatMap(\.1).first { $0.name == name && !$0.buckets.isEmpty } }
                .map { "| `\($0.name)` | \($0.buckets.map { "\($0)" }.joined(separator: ", ")) |" }.joined(separator: "\n"))
            """
    }
}
