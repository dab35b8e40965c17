import ArgumentParser
import Gateway
import Terminal

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings that `sori serve` and `sori gateway` would use, and where each comes from.",
        discussion: """
            A setting is taken from a flag, else from the environment, else from the file, else it has its default. In the
            environment `captions.silence` is SORI_CAPTIONS_SILENCE; in the file it is `silence` under `captions`.

            EXAMPLES
              sori config
              SORI_PORT=9000 sori config --config sori.yaml
              sori config --markdown                         all settings of servers, gateways and workers
              sori config --metrics                          all metrics, with their labels
            """)

    @OptionGroup var options: ServerOptions

    @Flag(help: "Write the document of all settings and their defaults, whatever is in force.")
    var markdown = false

    @Flag(help: "Write the document of all metrics.")
    var metrics = false

    func run() async throws {
        do {
            if metrics { return try StandardOutput.print(MetricsTable.document) }
            let shown = markdown ? try SettingsTable.document() : SettingsTable(try await options.read().effective).text
            try StandardOutput.print(shown)
        } catch {
            throw failed(error)
        }
    }
}
