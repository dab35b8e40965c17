internal import Recognition
internal import WhisperText

/// An utterance whose final was told, and whose translation was not.
struct PendingTranslation: Sendable, Equatable, Codable {
    /// Number of the utterance.
    let utterance: Int
    /// Its sound.
    let range: Range<Int>
    /// Code of the language that is spoken.
    let language: String
    /// Least probability of no speech that the detector gave to its sound.
    let detectorNoSpeech: Float
}

/// What utterances mean in English: a second recognition of their sound, after their final, in their order.
///
/// Nothing of what was said before is given to it, so a translation depends on the sound of its utterance alone.
extension CaptionSession {
    /// Wants the translation of a final, where the client has asked for translations.
    mutating func translate(_ caption: FinalCaption, detectorNoSpeech: Float) {
        guard settings.translates, !caption.text.isEmpty, caption.language != "en" else { return }
        translations.append(
            PendingTranslation(
                utterance: caption.utterance, range: caption.range, language: caption.language,
                detectorNoSpeech: detectorNoSpeech))
    }

    /// Asks for the next translation.
    mutating func planTranslation() {
        guard runningTranslation == nil, let pending = translations.first else { return }
        guard isHere(until: pending.range.upperBound) else {
            // After a checkpoint the client sends the sound again, or not.
            if isFinishing { completeTranslation("") }
            return
        }
        let isSure = pending.detectorNoSpeech < settings.hallucinations.surelySpeech
        request(FinalPass(range: pending.range, lead: nil, isSure: isSure), of: pending)
    }

    private mutating func request(_ pass: FinalPass, of pending: PendingTranslation) {
        let request = RecognitionRequest(
            samples: timeline.samples(in: pass.window),
            options: settings.decodingTranslation(pass, from: pending.language), context: pass.tokens,
            priority: .final)
        runningTranslation = (ask(.translation, of: pending.utterance, request, sound: pending.range), pass)
    }

    mutating func acceptTranslation(_ result: RecognitionResult?, of work: RecognitionWork) {
        guard var pass = runningTranslation?.pass, runningTranslation?.id == work.id, let pending = translations.first
        else { return }
        runningTranslation = nil
        guard let result else { return completeTranslation("") }
        pass.add(result, tokenizer: tokenizer)
        guard pass.isDone else { return request(pass, of: pending) }
        let judge = settings.hallucinations.forTranslation
        let needsSound = judge.needsSound(pass.text, compressionRatio: pass.compressionRatio)
        let evidence = HallucinationGuard.Evidence(
            pass, detectorNoSpeech: pending.detectorNoSpeech, given: 0,
            sound: needsSound ? SoundActivity(timeline.samples(in: pending.range)) : nil)
        completeTranslation(judge.reason(against: evidence) == nil ? pass.text.trimmingWhitespace : "")
    }

    private mutating func completeTranslation(_ text: String) {
        tell(.translation(utterance: translations.removeFirst().utterance, text))
        planTranslation()
    }
}
