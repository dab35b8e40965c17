internal import Logging
package import PrometheusMetrics
package import Recognition
internal import ServiceLifecycle
internal import WebSockets
internal import WhisperText
package import Worker

/// A worker on a loopback port, in this process.
package struct TestWorker: Sendable {
    /// The port that it listens on.
    package let port: Int
    /// Its metrics in Prometheus' text format.
    package let metrics: PrometheusRegistry
    /// Lets it answer what it has, and stop.
    package let stop: @Sendable () async -> Void

    /// Runs `body` with a worker.
    ///
    /// - Parameters:
    ///   - readiness: what it says at `/is_ready`; ready when nothing is given.
    ///   - load: how busy it says it is.
    package static func with<Output: Sendable>(
        _ service: WorkerService, port: Int = 0, token: String? = nil, readiness: Readiness? = nil,
        load: WorkerLoad = WorkerLoad(lanes: 2), _ body: (TestWorker) async throws -> Output
    ) async throws -> Output {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let ready = readiness ?? Readiness()
        if readiness == nil { ready.worked() }
        let registry = PrometheusRegistry(WorkerMetrics.descriptions + WindowMetrics.descriptions)
        let metrics = WorkerMetrics(factory: registry)
        let routes = WorkerRoutes(
            service: service, readiness: ready, vocabulary: Tokenizer.bytes.vocabulary, metrics: metrics,
            load: { load }, exposition: { registry.text })
        let (ports, feed) = AsyncStream.makeStream(of: Int.self)
        let server = WorkerServer(
            service: service, place: ListeningAddress("127.0.0.1"), port: port, token: token, readiness: ready,
            metrics: metrics, routes: routes, logger: logger, onListening: { feed.yield($0) })
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { feed.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let bound = await iterator.next() else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let worker = TestWorker(port: bound, metrics: registry, stop: { await group.triggerGracefulShutdown() })
            let result: Result<Output, any Error>
            do { result = .success(try await body(worker)) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}
