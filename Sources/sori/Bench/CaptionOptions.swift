import ArgumentParser
import Foundation
import Streaming

/// How a session makes captions.
struct CaptionOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .upToNextOption,
        help: ArgumentHelp("Settings that are not the usual ones, such as hop=0.7 lead=0.", valueName: "name=value"))
    var changes: [Variation] = []

    @Option(help: "Text that the recogniser is told beside the sound, as a session's prompt.")
    var prompt: String?

    @Option(help: "Names and terms to listen for, with commas between them.")
    var hotwords: String?

    func validate() throws {
        _ = try settings
    }

    /// A session's settings.
    var settings: CaptionSettings {
        get throws {
            var settings = CaptionSettings()
            settings.prompt = prompt
            settings.hotwords =
                hotwords?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
                ?? []
            for change in changes {
                guard let value = change.values.first, change.values.count == 1 else {
                    throw ValidationError("'\(change.knob.name)' has one value at a time; compare with bench sweep")
                }
                try change.knob.set(value, in: &settings)
            }
            return settings
        }
    }
}
