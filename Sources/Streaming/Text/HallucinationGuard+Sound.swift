/// What can be heard of a text.
extension HallucinationGuard {
    /// The longest, in syllables, that people say again and again.
    private static let longestCry = 4
    /// The most syllables in a second of sound: nobody repeats himself faster.
    private static let syllablesPerSecond = 6.5
    /// Seconds of sound that a syllable has at least, and of voiced sound.
    private static let shortestSyllable = (active: 0.07, voiced: 0.025)

    /// Whether a text can only be judged with its sound.
    package func needsSound(_ text: String, compressionRatio: Float) -> Bool {
        isRepetitive(text, compressionRatio: compressionRatio) || SilencePhrases.contains(text)
    }

    func isRepetitive(_ text: String, compressionRatio: Float) -> Bool {
        compressionRatio > compression || Repetition.isLooping(text)
    }

    /// Whether words that are repeated were said so often: somebody speaks, what is repeated is short, and the sound has
    /// time and peaks of loudness for all of it.
    func hasRoom(for evidence: Evidence) -> Bool {
        guard let sound = evidence.sound, let loop = Repetition.loop(in: evidence.text),
            Syllables.count(loop.unit) <= Self.longestCry, evidence.averageLogProbability > doubtfulWithoutSpeech,
            evidence.scatter <= mostScatter
        else { return false }
        let syllables = Double(Syllables.count(evidence.text))
        let peaks = Double(sound.peaks())
        guard syllables <= Self.syllablesPerSecond * sound.seconds() + 1 else { return false }
        if evidence.detectorNoSpeech < surelySpeech { return syllables <= 1.6 * peaks + 1 }
        // Where the detector is less sure, the number of syllables has to fit the number of peaks.
        return evidence.detectorNoSpeech < 0.6 && syllables <= 1.3 * peaks + 1 && syllables >= 0.6 * peaks
    }

    /// Whether a sound is long enough for a text and has peaks of loudness for it; if nobody listened, it may be.
    func isAudible(_ text: String, in sound: SoundActivity?, at range: Range<Double>? = nil) -> Bool {
        guard let sound else { return true }
        let syllables = Syllables.count(text)
        return sound.seconds(in: range) >= Self.shortestSyllable.active * Double(syllables)
            && isVoiced(text, in: sound, at: range) && sound.peaks(in: range) * 3 >= syllables
    }

    /// Whether a sound has voiced parts enough for a text; if nobody listened, it may have.
    func isVoiced(_ text: String, in sound: SoundActivity?, at range: Range<Double>? = nil) -> Bool {
        guard let sound else { return true }
        return sound.voicedSeconds(in: range) >= Self.shortestSyllable.voiced * Double(Syllables.count(text))
    }
}
