import Gateway

/// Settings as people read them.
struct SettingsTable {
    private let settings: [SettingsReader.Effective]

    init(_ settings: [SettingsReader.Effective]) {
        self.settings = settings
    }

    /// A line for each setting: key, value, source, meaning.
    var text: String {
        let keys = settings.map(\.key.count).max() ?? 0
        let values = min(settings.map(\.value.count).max() ?? 0, 30)
        return settings.map { setting in
            "\(padded(setting.key, keys))  \(padded(setting.value, values))  \(padded(setting.source, 20))  \(setting.help)"
        }.joined(separator: "\n")
    }

    /// A table in Markdown: key, default, what it may be, meaning.
    var markdown: String {
        let rows = settings.map { setting in
            "| `\(setting.key)` | \(setting.value) | \(setting.allowed) | \(setting.help) |"
        }
        return (["| key | default | must be | meaning |", "| --- | --- | --- | --- |"] + rows).joined(separator: "\n")
    }

    /// The whole of `docs/settings.md`.
    static func document() throws -> String {
        var server = SettingsReader([])
        _ = try ServerSettings(&server)
        var fleet = SettingsReader([])
        _ = try FleetSettings(&fleet)
        var worker = SettingsReader([])
        _ = try WorkerSettings(.recognizer, &worker)
        return """
            # Settings

            Written by `sori config --markdown > docs/settings.md`; a test compares.

            A setting is taken from a flag, else from the environment, else from the file that `--config` names, else it has its
            default. In the environment `captions.silence` is `SORI_CAPTIONS_SILENCE`; in the file, which is YAML, it is `silence`
            under `captions`. A key that nobody knows is refused. `sori config` shows what is in force, and where it comes from.

            ## `sori serve` and `sori gateway`

            \(SettingsTable(server.effective).markdown)

            ## `sori gateway` alone

            A gateway needs no model and no device; it has these instead.

            \(SettingsTable(fleet.effective).markdown)

            ## `sori worker`

            A worker takes flags and the environment. The defaults of a detector are model tiny.en and port 8091.

            \(SettingsTable(worker.effective).markdown)
            """
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
