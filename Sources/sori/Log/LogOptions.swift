import ArgumentParser
import Configuration

/// What a server logs to standard error.
struct LogOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The least severe events that are logged: debug, info, warning, …", valueName: "level"))
    var logLevel: String?

    @Option(
        help: ArgumentHelp("Lines of the log: text, json, or auto, which is text on a terminal.", valueName: "name"))
    var logFormat: String?

    @Flag(help: "Tell on standard error what the server does: --log-level debug.")
    var verbose = false

    /// The settings that these flags are.
    var given: [(AbsoluteConfigKey, String?)] {
        [(["log", "level"], logLevel ?? (verbose ? "debug" : nil)), (["log", "format"], logFormat)]
    }
}
