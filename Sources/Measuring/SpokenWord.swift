package import Scoring
package import Whisper

/// A word of a recording and when it ends.
package struct SpokenWord: Sendable, Equatable, Codable {
    /// As ``Scoring/TextNormalizer`` writes it.
    package var text: String
    /// Seconds from the start of the recording.
    package var end: Double

    package init(text: String, end: Double) {
        self.text = text
        self.end = end
    }

    /// The words of a recording that was decoded as a whole, with word times.
    package static func words(of transcript: Transcript, _ normalizer: TextNormalizer) -> [SpokenWord] {
        transcript.segments.flatMap { $0.words ?? [] }.flatMap { word in
            normalizer.words(in: word.text).map { SpokenWord(text: $0, end: word.end) }
        }
    }
}
