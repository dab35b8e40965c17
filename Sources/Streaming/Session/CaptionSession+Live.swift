internal import Recognition
internal import WhisperText

/// Text while somebody speaks.
extension CaptionSession {
    /// Seconds of sound in which the language of an utterance is heard well enough for its later windows.
    private static let surelyHeard = 2.0

    mutating func planLive() {
        // Text that may not be corrected is finished by the policy itself, before anything newer.
        while !isLiveRunning, var utterance = ended.first, !utterance.isCorrected, let end = utterance.end,
            isHere(until: end)
        {
            utterance.isClosing = true
            let plan = utterance.policy.window(of: utterance.start..<end, hop: 0, isLast: true)
            ended[0] = utterance
            if let plan { requestLive(plan, of: utterance) } else { completeFirst() }
        }
        guard !isLiveRunning else { return }
        if var utterance = current {
            // Everything up to the presumed end has been recognised; the final comes next.
            if let end = presumedEnd, utterance.heardUntil >= end { return }
            // Not to the newest sample: what the gate has not looked at may belong to the next utterance.
            let sound = utterance.start..<max(utterance.start, min(gate.position, timeline.end))
            let hop = (settings.windows.hop * hopFactor).asSamples
            guard let plan = utterance.policy.window(of: sound, hop: hop, isLast: false) else { return }
            utterance.heardUntil = plan.range.upperBound
            current = utterance
            requestLive(plan, of: utterance)
        }
    }

    private mutating func requestLive(_ plan: WindowPlan, of utterance: Utterance) {
        isLiveRunning = true
        var options = settings.decodingLive(
            plan, language: utterance.isLanguageSure ? utterance.language : nil,
            usesPrompt: utterance.liveHelp.prompt)
        // On a busy machine: without it a window is a third shorter, and few words differ.
        if !hasTimeForContext { options.contextTokens = 0 }
        let request = RecognitionRequest(
            samples: sound(of: plan.range, lead: plan.lead), options: options,
            context: before(utterance, isUsed: utterance.liveHelp.context, lead: plan.lead) + plan.context,
            prefix: (plan.lead?.tokens ?? []) + plan.prefix,
            draft: tokenizer.encode(utterance.policy.caption.tentative), attentionThreshold: plan.attentionThreshold,
            priority: .live,
            languagePriors: priors(for: utterance.start..<plan.range.upperBound),
            place: SoundPlace(stream: "\(utterance.number)", start: plan.range.lowerBound))
        ask(.live(plan), of: utterance.number, request, sound: utterance.start..<plan.range.upperBound)
    }

    mutating func acceptLive(_ result: RecognitionResult?, plan: WindowPlan, utterance number: Int) {
        if var utterance = current, utterance.number == number {
            if let result { accept(result, plan: plan, into: &utterance) }
            current = utterance
        } else if var utterance = ended.first, utterance.number == number, !utterance.isCorrected {
            // What was heard beyond the end belongs to the next utterance.
            if let result, plan.range.upperBound <= utterance.end ?? .max {
                accept(result, plan: plan, into: &utterance)
            }
            ended[0] = utterance
            // A last window that fails leaves what was settled before it.
            if plan.isLast || (result == nil && utterance.isClosing) { completeFirst() }
        }
    }

    private mutating func accept(_ result: RecognitionResult, plan: WindowPlan, into utterance: inout Utterance) {
        let seconds = (plan.range.upperBound - max(plan.range.lowerBound, utterance.start)).asSeconds
        let judge = settings.judge.live
        let given = utterance.liveHelp.prompt ? settings.given.share(of: result.text) : 0
        let sound =
            judge.needsSound(result.text, compressionRatio: result.compressionRatio)
            ? SoundActivity(timeline.samples(in: max(plan.range.lowerBound, utterance.start)..<plan.range.upperBound))
            : nil
        var evidence = HallucinationGuard.Evidence(
            result, seconds: seconds, detectorNoSpeech: utterance.detectorNoSpeech, given: given, sound: sound)
        if settings.task == .translate { evidence.scatter = 0 }
        let isRecited = utterance.liveHelp.prompt && settings.given.isRecited(by: result.text)
        let reason = isRecited ? .given : judge.reason(against: evidence)
        var believed = result
        if let reason, reason != .empty {
            tell(.dropped(reason, shown: nil))
            utterance.liveHelp.context = false
            if given >= judge.mostGiven { utterance.liveHelp.prompt = false }
            utterance.policy.dropLeftContext()
            (believed.text, believed.tokens, believed.words) = ("", [], [])
        }
        dropInaudibleTail(of: &believed, in: plan, of: utterance)
        utterance.policy.accept(believed, of: plan)
        hear(result, isBelieved: !believed.text.isEmpty, in: &utterance, for: seconds)
        show(&utterance)
    }

    /// Tells the text of an utterance that is still spoken, where it has changed.
    ///
    /// Where the one before was cut while somebody went on, its live text reaches beyond the cut until its final is told.
    /// What was said there would stand twice, so this one's text is held back until then.
    private mutating func show(_ utterance: inout Utterance) {
        guard !ended.contains(where: { $0.isCorrected && $0.end == utterance.start }) else { return }
        let caption = utterance.caption
        guard caption != utterance.told ?? Caption() else { return }
        utterance.told = caption
        tell(.partial(utterance: utterance.number, caption, start: utterance.start))
    }

    /// Tells what was held back of the utterance that is spoken, now that a final is told.
    mutating func showCurrent() {
        guard var utterance = current else { return }
        show(&utterance)
        current = utterance
    }

    /// Takes in the language of a live window. That of a short one is asked for again: it is easily wrong.
    private func hear(
        _ result: RecognitionResult, isBelieved: Bool, in utterance: inout Utterance, for seconds: Double
    ) {
        guard isBelieved, !utterance.isLanguageSure else { return }
        utterance.language = result.language
        utterance.liveLanguages = result.languages
        utterance.isLanguageSure = seconds >= Self.surelyHeard
    }
}
