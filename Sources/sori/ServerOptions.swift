import ArgumentParser
import Configuration
import Foundation
import Gateway
import Logging
import SystemPackage

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

    @Option(help: ArgumentHelp("A YAML file with settings; `sori config` lists them.", valueName: "file"))
    var config: String?

    @Flag(help: "Tell on standard error what the server does.")
    var verbose = false

    func startLog() {
        let level: Logger.Level = verbose ? .debug : .warning
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }

    /// Reads all settings, and where each came from.
    func read() async throws -> (settings: ServerSettings, effective: [SettingsReader.Effective]) {
        let given: [(AbsoluteConfigKey, String?)] = [
            (["host"], host), (["port"], port.map(String.init)), (["model"], model), (["detector"], detector),
            (["profile"], profile), (["device"], device), (["lanes"], lanes.map(String.init)),
            (["captions", "policy"], policy),
        ]
        let flags = given.compactMap { key, value in value.map { (key, ConfigValue(.string($0), isSecret: false)) } }
        let environment = KeyMappingProvider(upstream: EnvironmentVariablesProvider()) { key in
            AbsoluteConfigKey(["sori"] + key.components)
        }
        var providers: [(name: String, provider: any ConfigProvider)] = [
            ("flag", InMemoryProvider(name: "flag", values: Dictionary(uniqueKeysWithValues: flags))),
            ("environment", environment),
        ]
        if let config {
            do {
                providers.append(("file \(config)", try await FileProvider<YAMLSnapshot>(filePath: FilePath(config))))
            } catch {
                throw CommandError("cannot read \(config): \(error)")
            }
        }
        var reader = SettingsReader(providers)
        var settings = try ServerSettings(&reader)
        if let config {
            let text = try String(contentsOfFile: config, encoding: .utf8)
            try SettingsFile.check(text, named: config, known: reader.effective.map(\.key))
        }
        settings.web = settings.web ?? Self.pages()
        return (settings, reader.effective)
    }

    /// The folder with the pages: beside the executable's build folder, or where an installation puts them.
    private static func pages() -> String? {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        if let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            folder = URL(fileURLWithPath: executable)
        }
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            for candidate in ["Web", "share/sori/Web"] {
                let web = folder.appendingPathComponent(candidate).path
                if FileManager.default.fileExists(atPath: web + "/captions/index.html") { return web }
            }
        }
        return nil
    }
}

extension [SettingsReader.Effective] {
    /// A line for each setting: key, value, source, meaning.
    var table: String {
        let widths = (map(\.key.count).max() ?? 0, Swift.min(map(\.value.count).max() ?? 0, 30))
        return map { setting in
            let key = setting.key.padding(toLength: widths.0, withPad: " ", startingAt: 0)
            let value = setting.value.padding(
                toLength: Swift.max(widths.1, setting.value.count), withPad: " ", startingAt: 0)
            let source = setting.source.padding(toLength: 20, withPad: " ", startingAt: 0)
            return "\(key)  \(value)  \(source)  \(setting.help)"
        }.joined(separator: "\n")
    }
}
