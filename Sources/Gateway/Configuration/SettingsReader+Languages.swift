internal import Streaming
internal import WhisperText

extension SettingsReader {
    /// Reads which languages are spoken, as people write them.
    mutating func languages(_ captions: inout CaptionSettings) throws {
        let must = "name a language such as ko, en-US or Japanese, or be auto"
        try value(
            "captions.language", "language where a client names none; auto or absent: detected", &captions.language,
            show: { $0 ?? "" }, must: must
        ) { text in LanguageChoice(text).map(\.code) }
        try value(
            "captions.languages", "where it is detected: languages that come into question; absent: all",
            &captions.languages, show: { $0.joined(separator: ",") },
            must: "be a list of languages such as ko,en,ja"
        ) { text in
            let choices = text.split(separator: ",").map { LanguageChoice(String($0))?.code }
            return choices.contains(nil) ? nil : choices.compactMap(\.self)
        }
    }
}
