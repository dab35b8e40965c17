import ArgumentParser
import Configuration
import Foundation
import Gateway
import Logging
import Models
import PrometheusMetrics
import Recognition
import ServiceLifecycle
import Terminal
import UnixSignals
import WebSockets
import Whisper
import WhisperRecognition
import Worker

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Recognise or detect speech for gateways, on this machine.",
        discussion: """
            A worker keeps nothing: any of them can do any request, and it may be stopped at any time. Settings come from
            flags, or from the environment (SORI_PORT, SORI_MODEL, SORI_TOKEN, …). `docs/worker-protocol.md` says how to call a
            worker by hand.

            EXAMPLES
              sori worker --role recognizer                      on port 8090, with base on the best device
              sori worker --role detector --port 8091
              sori worker --role recognizer --device gpu --model small
              SORI_TOKEN=secret sori worker --role recognizer --host 0.0.0.0
            """)

    enum Role: String, ExpressibleByArgument, CaseIterable {
        case recognizer, detector
    }

    @Option(help: "What it does: recognizer or detector.")
    var role: Role

    @Option(
        help: ArgumentHelp(
            "Where to compute: auto, cpu, gpu, or a device that `sori doctor` shows.", valueName: "device"))
    var device: String?

    @Option(help: ArgumentHelp("Model.", discussion: "Default: base for a recognizer, tiny.en for a detector"))
    var model: String?

    @Option(
        help: ArgumentHelp("Windows worked on at the same time.", discussion: "Default: one for each core, 1 on a GPU"))
    var lanes: Int?

    @Option(help: ArgumentHelp("Requests that may wait for a lane; more are refused.", discussion: "Default: 64"))
    var queue: Int?

    @Option(help: ArgumentHelp("Address to listen on.", discussion: "Default: localhost, which is 127.0.0.1 and ::1"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "Port to listen on; 0 takes any free one.", discussion: "Default: 8090, or 8091 for a detector"))
    var port: Int?

    @Flag(help: "Listen beyond this machine without a token: whoever reaches the address may use the worker.")
    var open = false

    @OptionGroup var encryption: EncryptionOptions

    @OptionGroup var log: LogOptions

    func run() async throws {
        ServerMemory.staysLevel()
        do {
            let settings = try await read()
            ServerLog.start(settings.log)
            let parts = try WorkerParts(settings)
            try await ServiceGroup.runUntilStopped(parts.logger) { onListening in
                parts.services(onListening: onListening)
            } greet: { port in
                try StandardOutput.print(
                    "A \(role.rawValue) with \(settings.model) on \(parts.device) listens at "
                        + "\(ListeningAddress(settings.host).shown):\(port). Ctrl-C ends it.")
            }
        } catch is CancellationError {
        } catch {
            throw failed(error)
        }
    }

    private func read() async throws -> WorkerSettings {
        let given: [(AbsoluteConfigKey, String?)] = [
            (["device"], device), (["model"], model), (["lanes"], lanes.map(String.init)),
            (["queue"], queue.map(String.init)), (["host"], host), (["port"], port.map(String.init)),
            (["open"], open ? "true" : nil),
        ]
        var reader = try await SettingsSources(flags: given + encryption.given + log.given, file: nil).reader
        let settings = try WorkerSettings(role, &reader)
        try Exposure.check(
            host: settings.host, isProtected: settings.token != nil, isOpen: settings.isOpen, remedy: "set SORI_TOKEN")
        return settings
    }
}
