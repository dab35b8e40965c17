internal import Scoring

/// Runs of words that a text has more often than they were spoken.
package enum RepeatedRuns {
    /// Words in a run, and characters of languages that write no spaces or set them as they like.
    private static let (words, characters) = (5, 12)

    private static let figures = [
        "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
        "9": "nine",
    ]

    /// The first run that stands twice in a text and was spoken once; `nil` where there is none.
    package static func first(in text: String, of clip: SpeechClip) -> String? {
        let normalizer = TextNormalizer(language: clip.language)
        let isSpaced = !["ko", "ja", "zh"].contains(clip.language)
        func units(_ text: String) -> [String] {
            let words = normalizer.words(in: text)
            // What one writes as a figure the other writes as a word.
            return isSpaced ? words.map { figures[$0] ?? $0 } : words.joined().map { String($0) }
        }
        let length = isSpaced ? words : characters
        func counts(_ text: String) -> [[String]: Int] {
            let units = units(text)
            guard units.count >= length else { return [:] }
            return (0...units.count - length).reduce(into: [:]) { $0[Array(units[$1..<$1 + length]), default: 0] += 1 }
        }
        let spoken = clip.texts.map(counts)
        let repeated = counts(text).filter { run, count in
            count > 1 && spoken.allSatisfy { count > max(1, $0[run] ?? 0) }
        }
        return repeated.keys.map { $0.joined(separator: isSpaced ? " " : "") }.min()
    }
}
