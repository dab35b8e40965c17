import ArgumentParser
import Configuration
import Gateway
import Logging
import Routing
import ServiceLifecycle
import Terminal
import WebSockets

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Serve live captions with recognisers and detectors in other processes.",
        discussion: """
            What `sori serve` does, but each window of sound goes to one of any number of workers: the best that is ready, and
            another one when that fails. Settings come from flags, the environment (SORI_WORKERS_RECOGNIZERS, …) and a YAML
            file, as for `sori serve`; the workers' token is SORI_WORKERS_TOKEN.

            EXAMPLES
              sori gateway --recognizer 10.0.0.7:8090 10.0.0.8:8090 --detector 10.0.0.7:8091
              sori gateway --recognizer recognizers.internal:8090 --detector detectors.internal:8091
              sori gateway --recognizer gpu1:8090 cpu1:8090 --detector cpu1:8091 --mode cpu --port 8081
              SORI_REDIS=redis://:secret@10.0.0.9:6379 sori gateway --recognizer gpu1:8090 --detector cpu1:8091
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Addresses of recognisers, or one name of the DNS that leads to all of them.", valueName: "host:port"))
    var recognizer: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Addresses of detectors, or one name of the DNS.", valueName: "host:port"))
    var detector: [String] = []

    @Option(help: "Which recognisers windows go to: auto (GPUs first), cpu or gpu.")
    var mode: String?

    @Option(
        help: ArgumentHelp(
            "The Redis that keeps sessions, so that clients can go on at another gateway; see docs/redis.md.",
            valueName: "redis://host:port"))
    var redis: String?

    @Option(help: ArgumentHelp("Address to listen on.", discussion: "Default: localhost, which is 127.0.0.1 and ::1"))
    var host: String?

    @Option(help: ArgumentHelp("Port to listen on; 0 takes any free one.", discussion: "Default: 8080"))
    var port: Int?

    @Option(help: "How windows become captions: alignatt, local-agreement or sliding-window.")
    var policy: String?

    @OptionGroup var entry: EntryOptions

    @Option(help: ArgumentHelp("A YAML file with settings; `sori config` lists them.", valueName: "file"))
    var config: String?

    @OptionGroup var log: LogOptions

    func run() async throws {
        ServerMemory.staysLevel()
        do {
            let (settings, fleet, effective) = try await read()
            ServerLog.start(settings.log)
            let parts = try await GatewayParts(settings, fleet, effective: effective)
            try await ServiceGroup.runUntilStopped(parts.logger) {
                parts.services(onListening: $0)
            } greet: { port in
                let host = ListeningAddress(settings.host).shown
                try StandardOutput.print(
                    "A gateway for \(fleet.recognizers.joined(separator: ", ")) listens. "
                        + "Open \(settings.tls.scheme)://\(host):\(port) and speak. Ctrl-C ends it.")
            }
        } catch is CancellationError {
        } catch {
            throw failed(error)
        }
    }

    private func read() async throws -> (ServerSettings, FleetSettings, [SettingsReader.Effective]) {
        let given: [(AbsoluteConfigKey, String?)] = [
            (["host"], host), (["port"], port.map(String.init)), (["captions", "policy"], policy),
            (["workers", "recognizers"], recognizer.isEmpty ? nil : recognizer.joined(separator: ",")),
            (["workers", "detectors"], detector.isEmpty ? nil : detector.joined(separator: ",")),
            (["workers", "mode"], mode), (["redis"], redis),
        ]
        let sources = try await SettingsSources(flags: given + entry.given + log.given, file: config)
        var reader = sources.reader
        var settings = try ServerSettings(&reader)
        let fleet = try FleetSettings(&reader)
        try fleet.check()
        try sources.check(reader)
        settings.web = settings.web ?? SettingsSources.pages()
        // A window for `/v1/recognize`: 30 s as 32-bit numbers.
        settings.frameBytes = max(settings.frameBytes, 1 << 21)
        return (settings, fleet, reader.effective)
    }
}
