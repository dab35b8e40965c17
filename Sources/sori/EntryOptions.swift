import ArgumentParser
import Configuration

/// Who is let in to a server.
struct EntryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The file with the tokens of people, see `sori token`.", valueName: "file"))
    var tokens: String?

    @Flag(help: "Listen beyond this machine without tokens: whoever reaches the address may speak.")
    var open = false

    @OptionGroup var encryption: EncryptionOptions

    /// The settings that these flags are.
    var given: [(AbsoluteConfigKey, String?)] {
        let own: [(AbsoluteConfigKey, String?)] = [(["tokens"], tokens), (["open"], open ? "true" : nil)]
        return own + encryption.given
    }
}
