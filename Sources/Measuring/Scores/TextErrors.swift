package import Scoring

/// Errors of a text, counted both ways.
package struct TextErrors: Sendable, Equatable {
    /// What is counted in the first place.
    package enum Unit: String, Sendable, Codable {
        case words, characters

        /// Words for English, characters for languages that put no or optional spaces between words.
        package init(language: String) {
            self = ["ko", "ja", "zh", "yue", "th", "lo", "my", "km"].contains(language) ? .characters : .words
        }
    }

    package var words = ErrorRate.zero
    package var characters = ErrorRate.zero

    /// Of nothing.
    package init() {}

    /// Errors of a text against the spelling of what was said that it comes nearest to.
    package init(_ text: String, of clip: SpeechClip) {
        let unit = Unit(language: clip.language)
        let all = clip.texts.map { reference in
            var errors = TextErrors()
            errors.words = .words(reference: reference, hypothesis: text, language: clip.language)
            errors.characters = .characters(reference: reference, hypothesis: text, language: clip.language)
            return errors
        }
        self = all.min { $0[unit].rate < $1[unit].rate } ?? TextErrors()
    }

    package subscript(unit: Unit) -> ErrorRate {
        unit == .words ? words : characters
    }

    package static func += (left: inout TextErrors, right: TextErrors) {
        left.words += right.words
        left.characters += right.characters
    }
}
