internal import WhisperText

/// Whether the text of a whole utterance is believed, and how it is decoded again if not.
///
/// All of it depends on the utterance's sound and on the detector's answers to it, never on when they came.
extension CaptionSession {
    /// Whether the detector is sure that somebody speaks.
    func isSure(of utterance: Utterance) -> Bool {
        utterance.detectorNoSpeech < settings.hallucinations.surelySpeech
    }

    /// How to decode an utterance once more; `nil` if this text is the best there is.
    func nextAttempt(after pass: FinalPass, of utterance: Utterance) -> FinalAttempt? {
        var next = utterance.attempt
        let evidence = evidence(for: pass, of: utterance)
        let reason = settings.judge.reason(against: evidence)
        if next.usesPrompt, evidence.given >= settings.hallucinations.mostGiven {
            (next.usesPrompt, next.usesContext) = (false, false)
            return next
        }
        let isGood = reason == nil && !SparseText.isSparse(evidence.text, seconds: evidence.seconds)
        let isLed = pass.lead != nil || !before(utterance, isUsed: next.usesContext).isEmpty
        if next.usesContext, isLed, !isGood {
            next.usesContext = false
            return next
        }
        if reason == .repetition, pass.isSure, !next.isAgainstLoops {
            next.isAgainstLoops = true
            return next
        }
        return nil
    }

    /// Takes the text that was decoded with the prompt after all, where the text without says about the same.
    mutating func decide(between pass: FinalPass, and doubted: FinalPass?) {
        guard let doubted, let utterance = ended.first, reason(against: pass, of: utterance) == nil,
            TextLikeness.isAlike(pass.text, doubted.text)
        else { return }
        var confirmed = utterance
        (confirmed.pass, confirmed.isConfirmed) = (doubted, true)
        if reason(against: doubted, of: confirmed) == nil { ended[0] = confirmed }
    }

    /// Takes words that were not said from the end of the oldest utterance, where all of it would be lost for them.
    mutating func dropCrowdedTail() {
        guard let utterance = ended.first, var pass = utterance.pass, isSure(of: utterance),
            let reason = reason(against: pass, of: utterance), [.unheard, .tooFast, .repetition].contains(reason),
            pass.dropCrowdedTail(tokenizer: tokenizer), !Repetition.isLooping(pass.text)
        else { return }
        ended[0].pass = pass
    }

    /// Removes a closing phrase such as "Thank you." that cannot be heard from the end of the oldest utterance.
    mutating func dropInaudibleTail() {
        guard var pass = ended.first?.pass, SilencePhrases.tail(of: pass.words.map(\.text)) > 0 else { return }
        let sound = SoundActivity(timeline.samples(in: pass.range))
        pass.dropInaudibleTail(sound, judge: settings.judge, tokenizer: tokenizer)
        ended[0].pass = pass
    }

    /// Why the text of an utterance must not be shown.
    func reason(against pass: FinalPass, of utterance: Utterance) -> HallucinationGuard.Reason? {
        settings.judge.reason(against: evidence(for: pass, of: utterance))
    }

    private func evidence(for pass: FinalPass, of utterance: Utterance) -> HallucinationGuard.Evidence {
        let isTold = utterance.attempt.usesPrompt && !utterance.isConfirmed
        let needsSound = settings.judge.needsSound(
            pass.text, compressionRatio: pass.compressionRatio)
        var evidence = HallucinationGuard.Evidence(
            pass, detectorNoSpeech: utterance.detectorNoSpeech,
            given: isTold ? settings.given.share(of: pass.text) : 0,
            sound: needsSound ? SoundActivity(timeline.samples(in: pass.range)) : nil)
        if settings.task == .translate { evidence.scatter = 0 }
        return evidence
    }
}
