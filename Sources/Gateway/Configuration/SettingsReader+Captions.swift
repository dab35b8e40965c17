internal import Streaming
internal import WhisperText

extension SettingsReader {
    /// Reads which languages are spoken, as people write them.
    mutating func languages(_ captions: inout CaptionSettings) throws {
        let allowed = "a language such as ko, en-US or Japanese, or auto"
        try value(
            "captions.language", "language where a client names none; auto or absent: detected", &captions.language,
            show: { $0 ?? "" }, allowed: allowed
        ) { text in LanguageChoice(text).map(\.code) }
        try value(
            "captions.languages", "where it is detected: languages that come into question; absent: all",
            &captions.languages, show: { $0.joined(separator: ",") },
            allowed: "a list of languages such as ko,en,ja"
        ) { text in
            let choices = text.split(separator: ",").map { LanguageChoice(String($0))?.code }
            return choices.contains(nil) ? nil : choices.compactMap(\.self)
        }
    }

    /// Reads a number of the table of captions' settings.
    mutating func number(_ setting: CaptionSetting, of captions: inout CaptionSettings) throws {
        var value = setting.value(in: captions)
        if setting.isWhole {
            var count = Int(value)
            try number(
                "captions.\(setting.name)", setting.help, &count,
                in: Int(setting.range.lowerBound)...Int(setting.range.upperBound))
            value = Double(count)
        } else {
            try number("captions.\(setting.name)", setting.help, &value, in: setting.range)
        }
        setting.set(value, in: &captions)
    }
}
