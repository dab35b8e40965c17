internal import Foundation
internal import WhisperText

/// What a session has heard of the language that is spoken, where nobody has named it.
///
/// A second of sound tells little about its language: a short "yes" is easily taken for Hungarian. So what was heard before
/// counts too: seconds of speech for each language, weighted by how sure the recogniser was. The sound of a short utterance
/// counts little against it, that of a long one decides by itself. Only finals are remembered, in their order, so that a
/// transcript depends on the sound alone.
package struct LanguageMemory: Sendable, Equatable, Codable {
    /// Seconds of speech that are remembered: beyond, what is old fades, so that a new language can take over.
    private static let longest = 30.0
    /// From this length on, in seconds, the sound of an utterance counts in full.
    private static let whole = 4.0
    /// Seconds of speech in each language that are taken for granted before anything is heard.
    private static let granted = 1.0
    /// Seconds of speech after which the language that leads is told.
    private static let enough = 1.0

    /// Seconds of speech, by code.
    private var seconds: [String: Double] = [:]
    /// The language that was told last.
    private var told: String?

    package init() {}

    /// The language that is spoken, as far as is known: most of what was heard.
    package var language: String? {
        // Ties are broken by name, because the order of a dictionary is random and transcripts must not be.
        let leading = seconds.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let leading, leading.value >= Self.enough,
            leading.value > total / 2
        else { return nil }
        return leading.key
    }

    /// What is known of the language of an utterance before it is heard, as ``Recognition/RecognitionRequest`` takes it.
    ///
    /// - Parameter length: seconds of its sound.
    package func priors(forSeconds length: Double) -> [String: Float] {
        // The sound cannot be weighted here, so what was heard before is weighted by the inverse.
        let share = 1 / Self.weight(length)
        return Dictionary(
            Language.all.enumerated().map { rank, language in
                let heard = log(1 + (seconds[language.code] ?? 0) / Self.granted) * share
                // Whisper's list begins with what it learned most of. The later a language stands there, the likelier it
                // is to be a mistake, above all where the sound is short.
                let standing = -log(1 + Double(rank) / 8) * min(share, 2)
                return (language.code, Float(heard + standing))
            }
        ) { first, _ in first }
    }

    /// Takes in what an utterance with text was heard as.
    ///
    /// - Parameters:
    ///   - probabilities: of the languages, by sound alone.
    ///   - length: seconds of its sound.
    package mutating func add(_ probabilities: [String: Float], seconds length: Double) {
        for (code, probability) in probabilities {
            seconds[code, default: 0] += min(length, Self.longest) * Self.weight(length) * Double(probability)
        }
        let total = total
        if total > Self.longest { seconds = seconds.mapValues { $0 * Self.longest / total } }
    }

    /// The language that leads, once, when it is another than was told last.
    package mutating func takeNews() -> String? {
        guard let language, language != told else { return nil }
        told = language
        return language
    }

    /// Sorted, because a sum depends on its order and that of a dictionary on chance.
    private var total: Double { seconds.values.sorted().reduce(0, +) }

    /// How much the sound of an utterance counts: 0...1.
    private static func weight(_ length: Double) -> Double {
        min(max(length / whole, 0.1), 1)
    }
}
