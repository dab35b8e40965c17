import ArgumentParser
import Gateway
import ServiceLifecycle
import Terminal
import WebSockets

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
              sori serve --host 0.0.0.0 --tokens tokens.json     tokens of one's own for each speaker, see `sori token`
              sori serve --host 0.0.0.0 --tokens tokens.json --tls-certificate server.pem --tls-key server.key
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        ServerMemory.staysLevel()
        do {
            let (settings, effective) = try await options.read()
            ServerLog.start(settings.log)
            let parts = try await ServerParts(settings, effective: effective)
            try await ServiceGroup.runUntilStopped(parts.logger) {
                parts.services(onListening: $0)
            } greet: { port in
                let host = ListeningAddress(settings.host).shown
                try StandardOutput.print(
                    "Sori listens. Open \(settings.tls.scheme)://\(host):\(port) and speak. Ctrl-C ends it.")
            }
        } catch is CancellationError {
        } catch {
            throw failed(error)
        }
    }
}
