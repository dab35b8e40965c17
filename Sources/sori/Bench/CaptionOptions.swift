import ArgumentParser
import Streaming

/// How a session makes captions.
struct CaptionOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .upToNextOption,
        help: ArgumentHelp("Settings that are not the usual ones, such as hop=0.7 lead=0.", valueName: "name=value"))
    var changes: [Variation] = []

    func validate() throws {
        _ = try settings
    }

    /// A session's settings.
    var settings: CaptionSettings {
        get throws {
            var settings = CaptionSettings()
            for change in changes {
                guard let value = change.values.first, change.values.count == 1 else {
                    throw ValidationError("'\(change.knob.rawValue)' has one value at a time; compare with bench sweep")
                }
                try change.knob.set(value, in: &settings)
            }
            return settings
        }
    }
}
