internal import CoreMetrics
internal import Foundation
internal import Locks

/// The process itself, under the names that Prometheus' own libraries give, and which build it is.
public final class ProcessMetrics: Sendable {
    private let factory: any MetricsFactory
    private let counted = Guarded(0.0)

    /// - Parameter version: of the program.
    public init(factory: PrometheusRegistry, version: String) {
        self.factory = factory
        Meter(label: "sori_build_info", dimensions: [("version", version)], factory: factory).set(1)
        Meter(label: "process_start_time_seconds", factory: factory).set(Date().timeIntervalSince1970)
    }

    /// Takes in what the process uses now.
    public func update() {
        let usage = ProcessUsage()
        // Not where the system does not tell.
        guard usage.resident > 0 else { return }
        let increase = counted.withLock { counted in
            defer { counted = usage.cpuSeconds }
            return usage.cpuSeconds - counted
        }
        FloatingPointCounter(label: "process_cpu_seconds_total", factory: factory).increment(by: max(0, increase))
        Meter(label: "process_resident_memory_bytes", factory: factory).set(usage.resident)
        Meter(label: "process_threads", factory: factory).set(usage.threads)
        Meter(label: "process_open_fds", factory: factory).set(usage.openFiles)
    }

    /// All metrics of a process.
    ///
    /// - Parameter version: of the program.
    public static func descriptions(version: String) -> [MetricDescription] {
        [
            .init(
                "sori_build_info", .gauge, "Which build this is; always 1.", labels: [.init("version", [version])]),
            .init("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970."),
            .init("process_cpu_seconds_total", .counter, "Processor time of all threads."),
            .init("process_resident_memory_bytes", .gauge, "Physical memory in use."),
            .init("process_threads", .gauge, "Threads."),
            .init("process_open_fds", .gauge, "Files, sockets and the like that are open."),
        ]
    }
}
