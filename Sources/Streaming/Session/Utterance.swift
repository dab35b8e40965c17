internal import Foundation
internal import Recognition
internal import WhisperText

/// An utterance that is spoken, or waits for its final.
struct Utterance: Sendable {
    let number: Int
    let start: Int
    /// Where it ends, once it is over.
    var end: Int?
    /// Least probability of no speech that the detector gave to its sound.
    var detectorNoSpeech: Float
    /// The live text.
    var policy: any StreamingPolicy
    /// Whether its final may differ from its stable text.
    let isCorrected: Bool
    /// Language of the live windows, and whether enough was heard to leave it at that.
    var language: String?
    var isLanguageSure = false
    /// Probabilities of the languages, by the sound of the last live window in which it was detected.
    var liveLanguages: [String: Float] = [:]
    /// Whether text from before the utterance, and the user's prompt, are given to the recogniser for live windows: not any
    /// more once they led astray. Apart from the final's, which must not depend on when live windows came.
    var liveHelp = (context: true, prompt: true)
    /// How its final is decoded.
    var attempt = FinalAttempt()
    /// The text of the whole that is made of the prompt, while it is decoded once more without.
    var doubted: FinalPass?
    /// Whether what it has of the prompt was heard without the prompt as well.
    var isConfirmed = false
    /// The caption that was told last; `nil` before the first.
    var told: Caption?
    /// Whether it is over and its last live windows are asked for.
    var isClosing = false
    /// The text of the whole, as far as it is decoded; of what was thought to be the whole, while it is spoken.
    var pass: FinalPass?
    /// End of the newest live window.
    var heardUntil = 0
    /// An end up to which decoding the whole has failed.
    var failedEnd: Int?

    mutating func hearsSpeech(withNoSpeech probability: Float) {
        detectorNoSpeech = min(detectorNoSpeech, probability)
    }

    /// The final up to an end, if it is being decoded, and was begun when the detector was as sure as it is now.
    func pass(to end: Int, isSure: Bool) -> FinalPass? {
        pass.flatMap { $0.range.upperBound == end && $0.isSure == isSure ? $0 : nil }
    }

    /// What is shown of the live text.
    var caption: Caption {
        let caption = policy.caption
        let stable = caption.stable.trimmingLeadingWhitespace
        return Caption(
            stable: stable, tentative: stable.isEmpty ? caption.tentative.trimmingLeadingWhitespace : caption.tentative)
    }

    /// The text of the whole, if that could be had.
    var wholePass: FinalPass? {
        pass.flatMap { !$0.tokens.isEmpty || $0.position == end ? $0 : nil }
    }

    /// Probabilities of its languages, by sound alone; none where the language was given.
    var heardLanguages: [String: Float] {
        // Live windows depend on timing, so their languages count only where there is no decoded final.
        isCorrected ? wholePass?.languages ?? [:] : liveLanguages
    }

    /// What remains of it: the text of the whole, or else what was known while it was spoken.
    func final(in given: String?) -> FinalCaption {
        var final = FinalCaption(
            utterance: number, text: "", words: [], range: start..<(end ?? start),
            language: given ?? pass?.language ?? language ?? "en", confidence: 0)
        if let pass = wholePass {
            final.text = pass.text.trimmingWhitespace
            final.words = pass.words
            final.confidence = exp(Double(min(0, pass.averageLogProbability)))
        } else {
            let live = policy.caption
            final.text = (isCorrected ? live.stable + live.tentative : live.stable).trimmingWhitespace
            final.words = policy.words
            // Tentative text has no probabilities.
            let logarithms = final.words.map { log(Double($0.probability)) }
            if !logarithms.isEmpty { final.confidence = exp(logarithms.reduce(0, +) / Double(logarithms.count)) }
        }
        return final
    }
}

extension HallucinationGuard.Evidence {
    /// What is known of the text of a live window.
    init(
        _ result: RecognitionResult, seconds: Double, detectorNoSpeech: Float, given: Double, sound: SoundActivity?
    ) {
        self.init(
            text: result.text, seconds: seconds, averageLogProbability: result.averageLogProbability,
            compressionRatio: result.compressionRatio, noSpeechProbability: result.noSpeechProbability,
            detectorNoSpeech: detectorNoSpeech, given: given, scatter: AttentionScatter.of(result.tokens), sound: sound)
    }

    /// What is known of the text of a whole utterance.
    init(_ pass: FinalPass, detectorNoSpeech: Float, given: Double, sound: SoundActivity?) {
        self.init(
            text: pass.text, seconds: (pass.range.upperBound - pass.range.lowerBound).asSeconds,
            averageLogProbability: pass.averageLogProbability, compressionRatio: pass.compressionRatio,
            noSpeechProbability: pass.noSpeechProbability, detectorNoSpeech: detectorNoSpeech, given: given,
            scatter: AttentionScatter.of(pass.words), sound: sound)
    }
}
