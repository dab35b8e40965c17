/// What was said lately, as tokens: given to the recogniser so that it goes on in the same spelling and style.
///
/// Context makes a small model repeat itself when it is long, stale or wrong. So it is short, and it is dropped after a long
/// pause, after a repetition and after an utterance that turned out to be nothing.
package struct TextContext: Sendable, Equatable, Codable {
    /// The most tokens that are kept.
    package static let limit = 64
    /// Seconds of silence after which what was said before is forgotten.
    package static let longPause = 8.0

    private var tokens: [Int] = []
    private var end = 0

    package init() {}

    /// What to give for sound that starts at a sample.
    package func tokens(at start: Int) -> [Int] {
        (start - end).asSeconds > Self.longPause ? [] : tokens
    }

    /// Adds text that is settled, and where its sound is.
    package mutating func add(_ newer: [Int], spokenIn sound: Range<Int>) {
        tokens = (tokens(at: sound.lowerBound) + newer).suffix(Self.limit)
        end = max(end, sound.upperBound)
    }

    /// Forgets everything.
    package mutating func clear() {
        tokens = []
    }
}
