import ArgumentParser
import Foundation
import Gateway
import Logging
import ServiceLifecycle
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
            var configuration = ServiceGroupConfiguration(
                services: parts.services { port in
                    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
                    print("Sori listens. Open http://\(host):\(port) and speak. Ctrl-C ends it.")
                    fflush(nil)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: parts.logger)
            // What is being said gets its last words, but not for ever.
            configuration.maximumGracefulShutdownDuration = .seconds(20)
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
        } catch {
            complain("\(explain(error))")
            throw ExitCode.failure
        }
    }

    private func explain(_ error: any Error) -> String {
        let text = "\(error)"
        return text.contains("Address already in use") || text.contains("EADDRINUSE")
            ? "the port is taken by another program; choose another with --port, or 0 for any" : text
    }
}
