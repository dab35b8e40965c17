internal import Scoring

/// The words of captions, as they are compared: characters where words have no spaces between them.
struct CaptionWords {
    private let normalizer: TextNormalizer
    private let hasSpaces: Bool

    /// - Parameter language: code.
    init(language: String) {
        normalizer = TextNormalizer(language: language)
        hasSpaces = !["ja", "zh", "yue", "th", "lo", "my", "km"].contains(language)
    }

    func words(in text: String) -> [String] {
        let words = normalizer.words(in: text)
        return hasSpaces ? words : words.joined().map(String.init)
    }
}
