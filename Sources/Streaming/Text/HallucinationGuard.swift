internal import WhisperText

/// Decides whether a text was said or made up. No single score tells: a looping sentence over dishes can be likelier than
/// whispered speech. So several kinds of evidence have to agree.
package struct HallucinationGuard: Sendable, Equatable {
    /// Why a text was dropped.
    package enum Reason: String, Sendable, CaseIterable {
        /// It is not likely enough.
        case doubtful
        /// It repeats itself more often than can be heard.
        case repetition
        /// It has more words than anybody can say in that time.
        case tooFast = "too_fast"
        /// It is what the model writes over silence or the cries of animals, and it is doubtful that anybody spoke.
        case silencePhrase = "silence_phrase"
        /// Neither the detector nor the recogniser believes that anybody spoke.
        case noSpeech = "no_speech"
        /// It was given to the recogniser, as prompt or hotword, and nothing else speaks for it.
        case given
        /// The recogniser did not listen to the sound for most of its words.
        case unheard
        /// There is no text.
        case empty
    }

    /// What is known of a text.
    package struct Evidence: Sendable, Equatable {
        package var text: String
        /// Seconds of the sound under it.
        package var seconds: Double
        /// Mean log-probability of its tokens.
        package var averageLogProbability: Float
        /// Length over compressed length.
        package var compressionRatio: Float
        /// Probability of no speech according to the recogniser.
        package var noSpeechProbability: Float
        /// Least probability of no speech that the detector gave to any of the sound; 1 if it was not asked.
        package var detectorNoSpeech: Float
        /// Share of its letters, 0...1, that the recogniser was given as prompt or hotwords; 0 where it was decoded without.
        package var given: Double
        /// Share of its words, 0...1, that attention places nowhere; see ``AttentionScatter``.
        package var scatter: Double
        /// What can be heard of its sound; `nil` if nobody listened.
        package var sound: SoundActivity?

        package init(
            text: String, seconds: Double, averageLogProbability: Float, compressionRatio: Float,
            noSpeechProbability: Float, detectorNoSpeech: Float, given: Double = 0, scatter: Double = 0,
            sound: SoundActivity? = nil
        ) {
            self.text = text
            self.seconds = seconds
            self.averageLogProbability = averageLogProbability
            self.compressionRatio = compressionRatio
            self.noSpeechProbability = noSpeechProbability
            self.detectorNoSpeech = detectorNoSpeech
            self.given = given
            self.scatter = scatter
            self.sound = sound
        }
    }

    /// Less likely text is dropped whatever the detector heard.
    package var doubtful: Float = -1.2
    /// Less likely text is dropped where the detector was not sure.
    package var doubtfulWithoutSpeech: Float = -0.7
    /// Less likely outcries are dropped, and single words where the detector hardly hears speech: to a model, a dog speaks.
    package var doubtfulOutcry: Float = -0.45
    /// So many outcries and nothing else are dropped unless the detector is certain of speech.
    package var manyOutcries = 3
    /// The detector is certain of speech below this probability of none.
    package var certainlySpeech: Float = 0.2
    /// The detector is sure of speech below this probability of none.
    package var surelySpeech: Float = 0.4
    /// Above this probability of none, the detector hears no speech; text has to be voiced then. Speech that it does not hear
    /// has 0.07 s of voiced sound a syllable and more, single keys of a keyboard 0.01.
    package var hardlySpeech: Float = 0.6
    /// Text that compresses better than this repeats itself.
    package var compression: Float = 2.4
    /// The most characters in a second of Hangul, kana and Han.
    package var denseCharactersPerSecond = 14.0
    /// The most other characters in a second.
    package var charactersPerSecond = 32.0

    /// Likelier text is clear, live text too.
    package var clear: Float = -0.7
    /// A text of which more was given as prompt or hotwords is not believed for its own sake: 0...1.
    package var mostGiven = 0.5
    /// A text of which attention places more nowhere was not heard: 0...1.
    package var mostScatter = 0.3

    package init() {}

    /// For text that is still spoken: its last words are half heard, and it may be taken back. So more is believed.
    package var live: HallucinationGuard {
        var live = self
        live.doubtful -= 0.4
        live.doubtfulWithoutSpeech -= 0.4
        return live
    }

    /// For translations, of which a small model is never sure: what is doubtful shows by its confidence.
    package var forTranslation: HallucinationGuard {
        var translation = self
        (translation.doubtful, translation.doubtfulWithoutSpeech) = (-.infinity, -.infinity)
        return translation
    }

    /// - Returns: why the text must not be shown; `nil` if it may.
    package func reason(against evidence: Evidence) -> Reason? {
        let text = evidence.text.filter { !$0.isWhitespace && !$0.isPunctuation && !$0.isSymbol }
        if text.isEmpty { return .empty }
        let isRepetitive = isRepetitive(evidence.text, compressionRatio: evidence.compressionRatio)
        if isRepetitive, !hasRoom(for: evidence) { return .repetition }
        let dense = text.filter { $0.isDense }.count
        let time = max(evidence.seconds, 0.4)
        if Double(dense) / time > denseCharactersPerSecond { return .tooFast }
        if Double(text.count - dense) / time > charactersPerSecond { return .tooFast }
        let isSure = evidence.detectorNoSpeech < surelySpeech
        if evidence.averageLogProbability < doubtful { return .doubtful }
        let isClear = isSure && evidence.averageLogProbability > clear
        if evidence.scatter > mostScatter { return .unheard }
        if evidence.given >= mostGiven, !isClear { return .given }
        // Repetition that fits the sound (see hasRoom) was said: "네, 네, 네".
        if !isRepetitive, SilencePhrases.contains(evidence.text),
            !isSure || !isAudible(evidence.text, in: evidence.sound)
        {
            return .silencePhrase
        }
        let outcries = SilencePhrases.outcries(in: evidence.text)
        if outcries > 0, evidence.averageLogProbability < doubtfulOutcry { return .silencePhrase }
        // Crying babies are written as many outcries.
        if outcries >= manyOutcries, evidence.detectorNoSpeech > certainlySpeech { return .silencePhrase }
        if !isSure, evidence.averageLogProbability < doubtfulWithoutSpeech { return .noSpeech }
        guard evidence.detectorNoSpeech > hardlySpeech else { return nil }
        if !isVoiced(evidence.text, in: evidence.sound) { return .noSpeech }
        // A single bark is written as one word: "What?".
        let isOneWord = !evidence.text.contains { $0.isDense } && evidence.text.split(separator: " ").count == 1
        if isOneWord, evidence.averageLogProbability < doubtfulOutcry { return .noSpeech }
        return nil
    }
}
