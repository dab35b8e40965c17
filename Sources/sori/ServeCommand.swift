import ArgumentParser
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Terminal
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Start Sori: live captions on a page, and for any WebSocket client.",
        discussion: """
            Everything runs in this process. Settings come from flags, the environment (SORI_PORT, SORI_CAPTIONS_SILENCE, …)
            and a YAML file; `sori config` lists them.

            EXAMPLES
              sori serve
              sori serve --port 9000 --model small
              SORI_TOKEN=secret sori serve --host 0.0.0.0 --config sori.yaml
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        options.startLog()
        do {
            let settings = try await options.read().settings
            let parts = try ServerParts(settings)
            let (ports, feed) = AsyncStream.makeStream(of: Int.self)
            var configuration = ServiceGroupConfiguration(
                services: parts.services { feed.yield($0) }, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: parts.logger)
            // What is being said gets its last words, but not for ever.
            configuration.maximumGracefulShutdownDuration = .seconds(20)
            let group = ServiceGroup(configuration: configuration)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    defer { feed.finish() }
                    try await group.run()
                }
                do {
                    for await port in ports { try Self.greet(settings, port) }
                } catch {
                    // A server that cannot say where it is, is of no use.
                    await group.triggerGracefulShutdown()
                    try await tasks.waitForAll()
                    throw error
                }
                try await tasks.waitForAll()
            }
        } catch is CancellationError {
        } catch {
            throw failed(error)
        }
    }

    private static func greet(_ settings: ServerSettings, _ port: Int) throws(OutputError) {
        let host = ListeningAddress(settings.host).shown
        try StandardOutput.print("Sori listens. Open http://\(host):\(port) and speak. Ctrl-C ends it.")
    }
}
