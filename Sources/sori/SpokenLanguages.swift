import ArgumentParser
import WhisperText

extension LanguageChoice {
    /// - Throws: a complaint about an argument that is no language.
    static func validate(_ argument: String) throws {
        guard LanguageChoice(argument) == nil else { return }
        throw ValidationError("unknown language '\(argument)'; use a code such as ko, en or ja, a name, or auto")
    }
}

/// Languages with commas between them.
struct SpokenLanguages: ExpressibleByArgument {
    /// Whisper's codes.
    let codes: [String]

    init?(argument: String) {
        let choices = argument.split(separator: ",").map { LanguageChoice(String($0))?.code }
        guard !choices.isEmpty, !choices.contains(nil) else { return nil }
        codes = choices.compactMap(\.self)
    }
}
