import Foundation
import Gateway
import Logging
import ServiceLifecycle

/// A server of one's own, for as long as something is done with it.
enum InProcessServer {
    /// Starts a server on a free port of the loopback interface, runs `body` with its address, and stops it.
    static func with<Result: Sendable>(_ body: (URL) async throws -> Result) async throws -> Result {
        var settings = ServerSettings()
        (settings.host, settings.port, settings.limits.sessions) = ("127.0.0.1", 0, 4)
        // There is one client, which need not wait for the machine to be measured.
        settings.limits.longestHop = 0
        var logger = Logger(label: "sori")
        logger.logLevel = .warning
        let parts = try await ServerParts(settings, logger: logger)
        let (ports, feed) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(
            configuration: .init(services: parts.services { feed.yield($0) }, logger: parts.logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { feed.finish() }
                try await group.run()
            }
            guard let port = await ports.first(where: { _ in true }),
                let address = URL(string: "ws://127.0.0.1:\(port)/v1/listen")
            else {
                try await tasks.waitForAll()
                throw CommandError("the server in this process ended before it listened; run `sori doctor`")
            }
            let result: Swift.Result<Result, any Error>
            do {
                try await parts.waitUntilReady()
                result = .success(try await body(address))
            } catch {
                result = .failure(error)
            }
            // Also after a failure: a server whose task is cancelled complains.
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}
