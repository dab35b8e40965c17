/// Decides whether a text was said or made up. No single score tells: a looping sentence over dishes can be likelier than
/// whispered speech. So several kinds of evidence have to agree.
package struct HallucinationGuard: Sendable, Equatable {
    /// Why a text was dropped.
    package enum Reason: String, Sendable, CaseIterable {
        /// It is not likely enough.
        case doubtful
        /// It repeats itself.
        case repetition
        /// It has more words than anybody can say in that time.
        case tooFast = "too_fast"
        /// It is what the model writes over silence or the cries of animals, and it is doubtful that anybody spoke.
        case silencePhrase = "silence_phrase"
        /// Neither the detector nor the recogniser believes that anybody spoke.
        case noSpeech = "no_speech"
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

        package init(
            text: String, seconds: Double, averageLogProbability: Float, compressionRatio: Float,
            noSpeechProbability: Float, detectorNoSpeech: Float
        ) {
            self.text = text
            self.seconds = seconds
            self.averageLogProbability = averageLogProbability
            self.compressionRatio = compressionRatio
            self.noSpeechProbability = noSpeechProbability
            self.detectorNoSpeech = detectorNoSpeech
        }
    }

    /// Less likely text is dropped whatever the detector heard.
    package var doubtful: Float = -1.2
    /// Less likely text is dropped where the detector was not sure.
    package var doubtfulWithoutSpeech: Float = -0.7
    /// Less likely outcries are dropped: to the detector, a dog speaks.
    package var doubtfulOutcry: Float = -0.45
    /// The detector is sure of speech below this probability of none.
    package var surelySpeech: Float = 0.4
    /// Text that compresses better than this repeats itself.
    package var compression: Float = 2.4
    /// The most characters in a second: of Hangul, kana and Han, and of others.
    package var charactersPerSecond = (dense: 14.0, other: 32.0)

    /// Fewer letters in a second, in this many seconds or more, are not all that was said. A letter of Hangul, kana or Han
    /// counts twice.
    package var sparse = (lettersPerSecond: 5.0, seconds: 5.0)

    package init() {}

    /// For text that is still spoken: its last words are half heard, and it may be taken back. So more is believed.
    package var live: HallucinationGuard {
        var live = self
        live.doubtful -= 0.4
        live.doubtfulWithoutSpeech -= 0.4
        live.doubtfulOutcry -= 0.4
        return live
    }

    /// - Returns: why the text must not be shown; `nil` if it may.
    package func reason(against evidence: Evidence) -> Reason? {
        let text = evidence.text.filter { !$0.isWhitespace && !$0.isPunctuation && !$0.isSymbol }
        if text.isEmpty { return .empty }
        if evidence.compressionRatio > compression || Repetition.isLooping(evidence.text) { return .repetition }
        let dense = text.filter { $0.isDense }.count
        let time = max(evidence.seconds, 0.4)
        if Double(dense) / time > charactersPerSecond.dense { return .tooFast }
        if Double(text.count - dense) / time > charactersPerSecond.other { return .tooFast }
        let isSure = evidence.detectorNoSpeech < surelySpeech
        if evidence.averageLogProbability < doubtful { return .doubtful }
        if !isSure, SilencePhrases.contains(evidence.text) { return .silencePhrase }
        if evidence.averageLogProbability < doubtfulOutcry, SilencePhrases.isOutcry(evidence.text) {
            return .silencePhrase
        }
        if !isSure, evidence.averageLogProbability < doubtfulWithoutSpeech { return .noSpeech }
        return nil
    }

    /// Whether a text is far too short for its sound: the model has skipped something.
    package func isSparse(_ evidence: Evidence) -> Bool {
        let letters = evidence.text.reduce(0) { $0 + ($1.isLetter || $1.isNumber ? $1.isDense ? 2 : 1 : 0) }
        return evidence.seconds >= sparse.seconds && Double(letters) < sparse.lettersPerSecond * evidence.seconds
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.doubtful == other.doubtful && one.doubtfulWithoutSpeech == other.doubtfulWithoutSpeech
            && one.doubtfulOutcry == other.doubtfulOutcry && one.surelySpeech == other.surelySpeech
            && one.compression == other.compression
            && one.charactersPerSecond == other.charactersPerSecond && one.sparse == other.sparse
    }
}

extension Character {
    /// Whether one character is a syllable or more: Hangul, kana, Han.
    fileprivate var isDense: Bool {
        guard let scalar = unicodeScalars.first?.value else { return false }
        return (0x3040...0x9FFF).contains(scalar) || (0xAC00...0xD7A3).contains(scalar) || scalar >= 0x20000
    }
}

/// Notices that a text says the same thing over and over.
package enum Repetition {
    /// Whether a run of one to eight words, or of a few characters in scripts without spaces, fills most of a text.
    package static func isLooping(_ text: String) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased().filter { !$0.isPunctuation } }
        let length = words.reduce(0) { $0 + $1.count }
        return isLooping(words, least: 4)
            || words.contains { isLooping(Array($0), least: 6) && $0.count > 12 && $0.count * 2 > length }
    }

    private static func isLooping(_ items: [some Equatable], least: Int) -> Bool {
        guard items.count >= least else { return false }
        for run in 1...8 where items.count >= run * (run == 1 ? least + 2 : least) {
            let same = zip(items, items.dropFirst(run)).filter(==).count
            if Double(same) >= 0.8 * Double(items.count - run) { return true }
        }
        return false
    }
}
