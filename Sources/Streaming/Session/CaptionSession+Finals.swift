internal import Recognition
internal import WhisperText

/// Text of whole utterances.
extension CaptionSession {
    /// Where the current utterance ends if the pause turns out to be its end; `nil` without a pause, or without time to
    /// decode it in advance.
    var presumedEnd: Int? {
        guard let current, current.isCorrected, ended.isEmpty, hasTimeToGuess else { return nil }
        return gate.presumedEnd.flatMap {
            $0 > current.start && $0 != current.failedEnd && isHere(until: $0) ? $0 : nil
        }
    }

    mutating func planFinal() {
        while runningFinal == nil, let utterance = ended.first, utterance.isCorrected, let end = utterance.end,
            isHere(until: end)
        {
            // A final that was begun in a pause is kept only if the detector was as sure then as it is now.
            let pass = utterance.pass(to: end, isSure: isSure(of: utterance)) ?? newPass(of: utterance, to: end)
            ended[0].pass = pass
            if !pass.isDone { return requestFinal(pass, of: utterance) }
            if let attempt = nextAttempt(after: pass, of: utterance) {
                if !attempt.usesPrompt, utterance.attempt.usesPrompt { ended[0].doubted = pass }
                ended[0].attempt = attempt
                ended[0].pass = nil
            } else {
                decide(between: pass, and: utterance.doubted)
                dropCrowdedTail()
                dropInaudibleTail()
                completeFirst()
            }
        }
        // In a pause, decode already: if it turns out to be the end, the final is ready.
        if runningFinal == nil, let utterance = current, let end = presumedEnd {
            let pass = utterance.pass(to: end, isSure: isSure(of: utterance)) ?? newPass(of: utterance, to: end)
            current?.pass = pass
            if !pass.isDone { requestFinal(pass, of: utterance) }
        }
    }

    private func newPass(of utterance: Utterance, to end: Int) -> FinalPass {
        FinalPass(
            range: utterance.start..<end,
            lead: utterance.attempt.usesContext ? lead(settings.finalLead, to: utterance.start) : nil,
            isSure: isSure(of: utterance))
    }

    private mutating func requestFinal(_ pass: FinalPass, of utterance: Utterance) {
        let lead = pass.hasLeftContext ? pass.lead : nil
        let context = before(utterance, isUsed: utterance.attempt.usesContext, lead: lead)
        let request = RecognitionRequest(
            samples: sound(of: pass.window, lead: lead), options: settings.decodingFinal(pass, utterance.attempt),
            context: context + pass.tokens, prefix: pass.prefix(tokenizer: tokenizer),
            draft: draft(of: pass, utterance),
            priority: utterance.end == nil ? .guess : .final, languagePriors: priors(for: pass.range))
        let end = pass.range.upperBound
        runningFinal = (ask(.final, of: utterance.number, request, sound: utterance.start..<end), utterance.number, end)
    }

    /// What a final probably says: the live text, which only makes it sooner.
    private func draft(of pass: FinalPass, _ utterance: Utterance) -> [Int] {
        let text = utterance.caption.text
        guard pass.position == utterance.start, !text.isEmpty else { return [] }
        return Array(tokenizer.encode(" " + text).prefix(RequestBounds().tokens))
    }

    /// Takes the decoding of a pause back, once somebody has gone on after it.
    mutating func withdrawGuess() {
        guard let runningFinal else { return }
        let isWanted =
            if let current, current.number == runningFinal.utterance {
                gate.presumedEnd == runningFinal.end
            } else {
                ended.first.map { $0.number == runningFinal.utterance && $0.end == runningFinal.end } ?? false
            }
        guard !isWanted else { return }
        queue.append(.withdraw(runningFinal.id))
        self.runningFinal = nil
    }

    mutating func acceptFinal(_ result: RecognitionResult?, of work: RecognitionWork) {
        let tokenizer = tokenizer
        if let utterance = ended.first, utterance.number == work.utterance {
            // The utterance went on after the sound that was decoded.
            guard utterance.end == work.end else { return }
            if let result {
                ended[0].pass?.add(result, tokenizer: tokenizer)
            } else {
                tell(.finalFailed)
                ended[0].pass = nil
                completeFirst()
            }
        } else if let utterance = current, utterance.number == work.utterance {
            if let result {
                current?.pass?.add(result, tokenizer: tokenizer)
            } else {
                current?.pass = nil
                current?.failedEnd = work.end
            }
        }
    }

    /// Tokens of what was said before an utterance, but for those that its window begins with.
    func before(_ utterance: Utterance, isUsed: Bool, lead: LeftContext? = nil) -> [Int] {
        isUsed ? context.tokens(at: utterance.start).dropLast(lead?.tokens.count ?? 0) : []
    }

    /// What is known of the language of some sound from what was said before; nothing where it is given.
    func priors(for sound: Range<Int>) -> [String: Float] {
        settings.language == nil ? memory.priors(forSeconds: sound.count.asSeconds) : [:]
    }

    /// What the windows of an utterance begin with.
    func lead(_ seconds: Double, to start: Int) -> LeftContext? {
        // Words of a translation are not heard at a time of their own.
        guard settings.task == .transcribe else { return nil }
        return LeftContext(seconds, of: lastFinal, to: start, in: settings.language, tokenizer: tokenizer)
    }

    /// Tells the final of the oldest utterance that is over.
    mutating func completeFirst() {
        let utterance = ended.removeFirst()
        var caption = utterance.final(in: settings.language)
        if let pass = utterance.wholePass, let reason = reason(against: pass, of: utterance) {
            context.clear()
            tell(.dropped(reason, shown: utterance.told == nil || reason == .empty ? nil : utterance.number))
            (caption.text, caption.words, caption.confidence) = ("", [], 0)
        } else if !caption.text.isEmpty {
            let tokens = utterance.wholePass?.tokens ?? tokenizer.encode(" " + caption.text)
            context.add(tokens, spokenIn: caption.range)
            memory.add(utterance.heardLanguages, seconds: caption.range.count.asSeconds)
            if let language = memory.takeNews() { tell(.languageDetected(language)) }
        }
        lastFinal = caption
        // An utterance that was never shown and has no text gets no final.
        if !caption.text.isEmpty || utterance.told != nil { tell(.final(caption)) }
        translate(caption, detectorNoSpeech: utterance.detectorNoSpeech)
        showCurrent()
    }
}
