import Configuration
import Foundation
import Gateway
import SystemPackage

/// Where settings come from: flags, then the environment, then a file, then defaults.
struct SettingsSources {
    private let file: String?

    /// Reads them; ``check(_:)`` the reader when all settings are read.
    private(set) var reader: SettingsReader

    /// - Parameters:
    ///   - flags: keys and what was given for them on the command line.
    ///   - file: a YAML file.
    /// - Throws: ``CommandError`` when the file cannot be read.
    init(flags given: [(AbsoluteConfigKey, String?)], file: String?) async throws {
        self.file = file
        let flags = given.compactMap { key, value in value.map { (key, ConfigValue(.string($0), isSecret: false)) } }
        let environment = KeyMappingProvider(upstream: EnvironmentVariablesProvider()) { key in
            AbsoluteConfigKey(["sori"] + key.components)
        }
        var providers: [(name: String, provider: any ConfigProvider)] = [
            ("flag", InMemoryProvider(name: "flag", values: Dictionary(uniqueKeysWithValues: flags))),
            ("environment", environment),
        ]
        if let file {
            do {
                providers.append(("file \(file)", try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))))
            } catch {
                throw CommandError("cannot read \(file): \(error)")
            }
        }
        reader = SettingsReader(providers)
    }

    /// - Throws: ``SettingError`` when the file has a setting that nobody has read.
    func check(_ reader: SettingsReader) throws {
        guard let file else { return }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try SettingsFile.check(text, named: file, known: reader.effective.map(\.key))
    }

    /// The folder with the pages: beside the executable's build folder, or where an installation puts them.
    static func pages() -> String? {
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
