import Benchmark

/// Registers the benchmarks; the tool runs each in a process of its own.
///
/// One iteration is something that happens in use: a window, a token, a message, a second of sound.
func benchmarks() {
    Benchmark.defaultConfiguration = .init(
        // Instructions say the same on a busy machine, but not every machine counts them. The tool's exports need throughput.
        metrics: [.throughput, .wallClock, .instructions], warmupIterations: 3, maxDuration: .seconds(1),
        maxIterations: 10_000)
    registerMel()
    registerEngine()
    registerPolicies()
    registerTimeline()
    registerMessages()
    registerFrames()
    registerMetrics()
}
