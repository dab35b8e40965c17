/// What somebody says about the language that is spoken: which it is, or that it is to be heard.
///
/// Every place that takes a language (command lines, the wire, settings) reads it with ``init(_:)``, so that what works in
/// one of them works in all.
public enum LanguageChoice: Sendable, Hashable {
    /// Which language it is, is to be heard.
    case detected
    /// A language, by Whisper's code, such as `ko`.
    case spoken(String)

    /// Reads what a person or a program writes; `nil` when that is no language.
    ///
    /// Empty and `auto` detect the language. See ``Tokenizer/languageCode(from:)`` for the rest.
    public init?(_ input: String) {
        switch input.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ") {
        case "", "auto": self = .detected
        case let name:
            guard let code = Tokenizer.languageCode(from: name) else { return nil }
            self = .spoken(code)
        }
    }

    /// The code of the language; `nil` where it is detected.
    public var code: String? {
        if case .spoken(let code) = self { code } else { nil }
    }
}
