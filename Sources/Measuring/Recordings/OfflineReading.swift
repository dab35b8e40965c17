package import WhisperText

/// A recording decoded as a whole by the same model: what captions are held against, and when each word ended.
package struct OfflineReading: Sendable, Equatable, Codable {
    package var text: String
    package var words: [SpokenWord]

    package init(text: String, words: [SpokenWord]) {
        self.text = text
        self.words = words
    }

    /// - Parameters:
    ///   - transcript: has word times.
    ///   - language: code of its language.
    package init(_ transcript: Transcript, language: String) {
        let words = CaptionWords(language: language)
        text = transcript.text
        self.words = transcript.segments.flatMap { $0.words ?? [] }.flatMap { word in
            words.words(in: word.text).map { SpokenWord(text: $0, end: word.end) }
        }
    }

    /// Of sound without speech.
    package static let silence = OfflineReading(text: "", words: [])
}

/// A word of a recording and when it ends.
package struct SpokenWord: Sendable, Equatable, Codable {
    /// As ``Scoring/TextNormalizer`` writes it; a character of a language without spaces.
    package var text: String
    /// Seconds from the start of the recording.
    package var end: Double

    package init(text: String, end: Double) {
        self.text = text
        self.end = end
    }
}
