import ArgumentParser
import Configuration

/// Who is let in to a server.
struct EntryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The file with the tokens of people, see `sori token`.", valueName: "file"))
    var tokens: String?

    @Flag(help: "Listen beyond this machine without tokens: whoever reaches the address may speak.")
    var open = false

    /// The settings that these flags are.
    var given: [(AbsoluteConfigKey, String?)] { [(["tokens"], tokens), (["open"], open ? "true" : nil)] }
}
