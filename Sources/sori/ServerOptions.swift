import ArgumentParser
import Configuration
import Foundation
import Gateway

/// Where a server's settings come from: flags, then the environment, then a file, then defaults.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on.", discussion: "Default: localhost, which is 127.0.0.1 and ::1"))
    var host: String?

    @Option(help: ArgumentHelp("Port to listen on; 0 takes any free one.", discussion: "Default: 8080"))
    var port: Int?

    @Option(help: "Model of the recogniser.")
    var model: String?

    @Option(help: "Model of the detector.")
    var detector: String?

    @Option(help: "Where to compute: auto, cpu, gpu, or a device that `sori doctor` shows.")
    var device: String?

    @Option(help: ArgumentHelp("standard, or low for one core and half the work.", valueName: "name"))
    var profile: String?

    @Option(help: "Windows recognised at the same time.")
    var lanes: Int?

    @Option(help: "How windows become captions: alignatt, local-agreement or sliding-window.")
    var policy: String?

    @OptionGroup var entry: EntryOptions

    @Option(help: ArgumentHelp("A YAML file with settings; `sori config` lists them.", valueName: "file"))
    var config: String?

    @OptionGroup var log: LogOptions

    /// Reads all settings, and where each came from.
    func read() async throws -> (settings: ServerSettings, effective: [SettingsReader.Effective]) {
        let given: [(AbsoluteConfigKey, String?)] = [
            (["host"], host), (["port"], port.map(String.init)), (["model"], model), (["detector"], detector),
            (["profile"], profile), (["device"], device), (["lanes"], lanes.map(String.init)),
            (["captions", "policy"], policy),
        ]
        let sources = try await SettingsSources(flags: given + entry.given + log.given, file: config)
        var reader = sources.reader
        var settings = try ServerSettings(&reader)
        // One file may serve `sori serve` and `sori gateway`.
        _ = try FleetSettings(&reader)
        try sources.check(reader)
        settings.web = settings.web ?? SettingsSources.pages()
        return (settings, reader.effective)
    }
}
