internal import Whisper

/// Whether the text of a whole utterance is believed, and how it is decoded again if not.
///
/// All of it depends on the utterance's sound and on the detector's answers to it, never on when they came.
extension CaptionSession {
    /// Whether the detector is sure that somebody speaks.
    func isSure(of utterance: Utterance) -> Bool {
        utterance.detectorNoSpeech < settings.hallucinations.surelySpeech
    }

    /// How to decode an utterance once more; `nil` if this text is the best there is.
    func nextAttempt(after polish: Polish, of utterance: Utterance) -> FinalAttempt? {
        var next = utterance.attempt
        let evidence = evidence(for: polish, of: utterance)
        let reason = settings.hallucinations.reason(against: evidence)
        if next.usesPrompt, evidence.given >= settings.hallucinations.mostGiven {
            (next.usesPrompt, next.usesContext) = (false, false)
            return next
        }
        let isGood = reason == nil && !SparseText.isSparse(evidence.text, seconds: evidence.seconds)
        let isLed = polish.lead != nil || !before(utterance, isUsed: next.usesContext).isEmpty
        if next.usesContext, isLed, !isGood {
            next.usesContext = false
            return next
        }
        if reason == .repetition, polish.isSure, !next.isAgainstLoops {
            next.isAgainstLoops = true
            return next
        }
        return nil
    }

    /// Takes the text that was decoded with the prompt after all, where the text without says about the same.
    mutating func decide(between polish: Polish, and doubted: Polish?) {
        guard let doubted, let utterance = ended.first, reason(against: polish, of: utterance) == nil,
            TextLikeness.isAlike(polish.text, doubted.text)
        else { return }
        var confirmed = utterance
        (confirmed.polish, confirmed.isConfirmed) = (doubted, true)
        if reason(against: doubted, of: confirmed) == nil { ended[0] = confirmed }
    }

    /// Takes words that were not said from the end of the oldest utterance, where all of it would be lost for them.
    mutating func dropCrowdedTail() {
        guard let utterance = ended.first, var polish = utterance.polish, isSure(of: utterance),
            let reason = reason(against: polish, of: utterance), [.unheard, .tooFast, .repetition].contains(reason),
            polish.dropCrowdedTail(tokenizer: tokenizer), !Repetition.isLooping(polish.text)
        else { return }
        ended[0].polish = polish
    }

    /// Takes thanks to nobody from the end of the oldest utterance.
    mutating func dropInaudibleTail() {
        guard var polish = ended.first?.polish, SilencePhrases.tail(of: polish.words.map(\.text)) > 0 else { return }
        let sound = SoundActivity(timeline.samples(in: polish.range))
        polish.dropInaudibleTail(sound, judge: settings.hallucinations, tokenizer: tokenizer)
        ended[0].polish = polish
    }

    /// Why the text of an utterance must not be shown.
    func reason(against polish: Polish, of utterance: Utterance) -> HallucinationGuard.Reason? {
        settings.hallucinations.reason(against: evidence(for: polish, of: utterance))
    }

    private func evidence(for polish: Polish, of utterance: Utterance) -> HallucinationGuard.Evidence {
        let isTold = utterance.attempt.usesPrompt && !utterance.isConfirmed
        let needsSound = settings.hallucinations.needsSound(
            polish.text, compressionRatio: polish.compressionRatio)
        return .init(
            polish, detectorNoSpeech: utterance.detectorNoSpeech,
            given: isTold ? settings.given.share(of: polish.text) : 0,
            sound: needsSound ? SoundActivity(timeline.samples(in: polish.range)) : nil)
    }
}
