import Foundation
import Scoring
import Testing
import Whisper

extension ReferenceTests {
    /// In 32 bits, as the reference computes.
    @Suite(
        "Decoding in 32 bits", .enabled(if: ReferenceClip.isReady, "needs the reference and base"),
        ReferenceDecoding(plan: .exact))
    struct ExactDecoding {
        private let comparison = DecodingComparison(name: "exact", clips: ReferenceDecoding.clips)

        @Test("writes the same tokens on 95 clips of 100")
        func tokens() {
            #expect(comparison.texts.count >= 150)
            #expect(comparison.identicalShare >= 0.95)
            report(comparison.tokenReport)
        }

        @Test("makes as many mistakes, within 0.2 points")
        func errorRates() {
            for rates in comparison.errorRates {
                #expect(abs(rates.difference) <= 0.002, "\(rates.language)")
                report(rates.report)
            }
        }

        @Test("is as sure of the language and of speech, within 0.02")
        func languages() {
            let differences = comparison.languageDifferences
            #expect(!differences.languages.isEmpty)
            #expect(differences.languages.allSatisfy { $0 <= 0.02 })
            #expect(differences.noSpeech.allSatisfy { $0 <= 0.02 })
            report(comparison.languageReport)
        }

        @Test("finds the same texts with five beams, and the same translations, but for a few words")
        func searches() {
            let (beams, translations) = (comparison.beams, comparison.translations)
            #expect(beams.rate < 0.05)
            #expect(translations.rate < 0.1)
            report(
                "beams in exact: \(beams.rate.percent) of the words differ, translations: \(translations.rate.percent)")
        }
    }

    /// With the weights as they are used.
    @Suite(
        "Decoding as shipped", .enabled(if: ReferenceClip.isReady, "needs the reference and base"),
        ReferenceDecoding(plan: nil))
    struct ShippedDecoding {
        private let comparison = DecodingComparison(name: "shipped", clips: ReferenceDecoding.clips)

        @Test("makes as many mistakes, within a point")
        func errorRates() {
            #expect(comparison.texts.count >= 150)
            for rates in comparison.errorRates {
                #expect(abs(rates.difference) <= 0.01, "\(rates.language)")
                report(rates.report)
            }
            report(comparison.tokenReport)
            report(comparison.languageReport)
        }

        @Test("hears the same languages, wherever the reference is sure")
        func languages() {
            for decoded in ReferenceDecoding.clips {
                guard let (fact, probabilities, _) = decoded.languages, decoded.clip.language != "none",
                    let sure = fact.probabilities.max(by: { $0.value < $1.value }), sure.value > 0.7
                else { continue }
                #expect(probabilities.max { $0.value < $1.value }?.key == sure.key, "\(fact.audio)")
            }
        }
    }
}

/// Decoded clips beside what the reference has of them.
struct DecodingComparison {
    /// Error rates of one language, of Sori and of the reference.
    struct Rates {
        var name: String
        var language: String
        var ours = ErrorRate.zero
        var theirs = ErrorRate.zero

        var difference: Double { ours.rate - theirs.rate }

        var report: String {
            "\(language) in \(name): error rate \(ours.rate.percent), reference \(theirs.rate.percent), "
                + "of \(ours.referenceCount)"
        }
    }

    let name: String
    let clips: [DecodedClip]

    /// Greedy texts of clips with speech.
    var texts: [(fact: TextFact, window: DecodedWindow)] { clips.flatMap(\.greedy) }

    private var identical: Int {
        texts.count { fact, window in
            // CTranslate2 stops at half of the model's tokens.
            window.tokens == fact.tokens || fact.tokens.count >= 220 && window.tokens.starts(with: fact.tokens)
        }
    }

    var identicalShare: Double { Double(identical) / Double(max(1, texts.count)) }

    var tokenReport: String {
        let worst = texts.map { abs($0.window.averageLogProbability - $0.fact.averageLogProbability) }.max() ?? 0
        return "greedy in \(name): \(identical) of \(texts.count) texts identical (\(identicalShare.percent)) on "
            + "\(clips.count { !$0.greedy.isEmpty }) clips; largest difference of the log-probability \(worst)"
    }

    /// Words of English, characters of other languages.
    var errorRates: [Rates] {
        var rates: [String: Rates] = [:]
        for (fact, window) in texts {
            rates[fact.language, default: Rates(name: name, language: fact.language)].ours +=
                errors(fact.reference, window.text, fact.language)
            rates[fact.language]?.theirs += errors(fact.reference, fact.text, fact.language)
        }
        return rates.values.sorted { $0.language < $1.language }
    }

    /// Largest differences for each clip.
    var languageDifferences: (languages: [Float], noSpeech: [Float]) {
        let compared = clips.compactMap(\.languages)
        let languages = compared.map { fact, probabilities, _ in
            fact.probabilities.map { abs($0.value - (probabilities[$0.key] ?? 0)) }.max() ?? 0
        }
        let silences = compared.map { abs($0.noSpeech - $0.fact.noSpeechProbability) }
        return (languages, silences + texts.map { abs($0.window.noSpeechProbability - $0.fact.noSpeechProbability) })
    }

    var languageReport: String {
        let differences = languageDifferences
        return "languages in \(name), \(differences.languages.count) clips: largest difference "
            + "\(differences.languages.max() ?? 0), of no speech \(differences.noSpeech.max() ?? 0)"
    }

    /// How much the texts of beam search differ from the reference's.
    var beams: ErrorRate {
        clips.compactMap(\.beams).reduce(.zero) { $0 + differences($1, language: $1.fact.language) }
    }

    /// How much the translations differ from the reference's.
    var translations: ErrorRate {
        clips.compactMap(\.translation).reduce(.zero) { $0 + differences($1, language: "en") }
    }

    private func differences(_ text: (fact: TextFact, window: DecodedWindow), language: String) -> ErrorRate {
        errors(text.fact.text, text.window.text, language)
    }

    private func errors(_ reference: String, _ text: String, _ language: String) -> ErrorRate {
        language == "en"
            ? .words(reference: reference, hypothesis: text, language: language)
            : .characters(reference: reference, hypothesis: text, language: language)
    }
}
