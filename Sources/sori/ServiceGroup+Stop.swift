import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// Runs services until Ctrl-C or a signal to end; what is being done is finished, but not for ever.
    ///
    /// - Parameters:
    ///   - make: makes the services; they call back with the port once connections are taken.
    ///   - greet: says where it listens.
    static func runUntilStopped(
        _ logger: Logger,
        _ make: (_ onListening: @escaping @Sendable (Int) async -> Void)
            -> [ServiceGroupConfiguration.ServiceConfiguration],
        greet: (Int) throws -> Void
    ) async throws {
        let (ports, feed) = AsyncStream.makeStream(of: Int.self)
        let memory = ServiceGroupConfiguration.ServiceConfiguration(
            service: ServerMemory(), successTerminationBehavior: .ignore)
        var configuration = ServiceGroupConfiguration(
            services: make { feed.yield($0) } + [memory], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        let group = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { feed.finish() }
                try await group.run()
            }
            do {
                for await port in ports { try greet(port) }
            } catch {
                // A server that cannot say where it is, is of no use.
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                throw error
            }
            try await tasks.waitForAll()
        }
    }
}
