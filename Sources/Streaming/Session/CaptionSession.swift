package import Recognition
package import Whisper

/// One speaker's captions: sound in, captions out, as a value that does no work itself.
///
/// Give it sound with ``append(_:)`` and the answers to the work that it wants; after each, do what ``nextWork()`` returns
/// until it returns `nil`. It asks for one detection, one live window and one final at a time.
///
/// Utterances are found in the sound alone, and finals are decoded in their order, each with the context of those before it.
/// So the finals depend on the sound and the settings only: not on the load, nor on how often a connection broke.
package struct CaptionSession: Sendable {
    package private(set) var settings: CaptionSettings
    private let tokenizer: Tokenizer
    private var timeline = AudioTimeline()
    private var gate: SpeechGate
    private var context = TextContext()
    /// The utterance that is spoken now.
    private var current: Utterance?
    /// Utterances that are over and wait for their final, oldest first.
    private var ended: [Utterance] = []
    private var utterances = 0
    /// End of the last utterance that is over.
    private var saidUntil = 0
    private var queue: [CaptionWork] = []
    private var isLiveRunning = false
    private var isFinalRunning = false
    private var isFinishing = false
    private var isFinished = false
    private var detectorNoSpeech: Float = 1
    private var hopFactor = 1.0
    /// Everything before this sample is done with.
    package private(set) var acknowledged = 0

    package init(settings: CaptionSettings, tokenizer: Tokenizer) {
        self.settings = settings
        self.tokenizer = tokenizer
        gate = SpeechGate(settings: settings.gate)
    }

    /// Samples at 16 kHz that were taken in.
    package var received: Int { timeline.end }
    /// Seconds of sound that are kept.
    package var keptSeconds: Double { timeline.seconds }
    /// Seconds of sound that nothing has looked at yet.
    package var backlog: Double { (timeline.end - gate.position).asSeconds }
    /// Finals that are to be decoded.
    package var pendingFinals: Int { ended.count }

    /// Takes in sound at 16 kHz in -1...1.
    package mutating func append(_ samples: [Float]) {
        guard !isFinishing else { return }
        timeline.append(samples)
        advance()
    }

    /// No more sound comes.
    package mutating func finish() {
        isFinishing = true
        advance()
    }

    /// Changes what is spoken and how it is written; the policy changes with the next utterance.
    package mutating func configure(_ change: (inout CaptionSettings) -> Void) {
        change(&settings)
    }

    /// Windows come at so many times their usual distance, because the machine is busy.
    package mutating func stretchHop(by factor: Double) {
        hopFactor = max(1, factor)
    }

    /// What is to be done next; `nil` when the session waits for sound or for an answer.
    package mutating func nextWork() -> CaptionWork? {
        queue.isEmpty ? nil : queue.removeFirst()
    }

    /// Takes the detector's answer; without one the sound is taken for speech.
    package mutating func detected(_ detection: SpeechDetection?) {
        let noSpeech = detection?.noSpeechProbability ?? 0
        detectorNoSpeech = min(detectorNoSpeech, noSpeech)
        current?.hearsSpeech(withNoSpeech: noSpeech)
        // Not the language of live windows: when they come must not decide where an utterance ends.
        let isSpeech = detection.map { $0.isSpeech(in: settings.language) } ?? true
        if let event = gate.answer(isSpeech) { handle(event) }
        advance()
    }

    /// Takes the text of a window; `nil` when it could not be had.
    package mutating func recognized(_ result: RecognitionResult?, as work: RecognitionWork) {
        switch work.purpose {
        case .live(let plan):
            isLiveRunning = false
            acceptLive(result, plan: plan, utterance: work.utterance)
        case .final:
            isFinalRunning = false
            acceptFinal(result, of: work)
        }
        advance()
    }

    // MARK: - Sound

    private mutating func advance() {
        while let event = gate.next(in: timeline) { handle(event) }
        if isFinishing {
            while let event = gate.finish(at: timeline.end) { handle(event) }
        }
        planLive()
        planFinal()
        acknowledge()
        let isDone = isFinishing && !isFinished && current == nil && ended.isEmpty && !gate.isUndecided
        if isDone {
            isFinished = true
            tell(.finished)
        }
    }

    private mutating func handle(_ event: SpeechGate.Event) {
        switch event {
        case .detect(let range):
            queue.append(.detect(timeline.samples(in: range)))
        case .started(let found):
            let start = max(found, saidUntil)
            current = Utterance(
                number: utterances, start: start, detectorNoSpeech: detectorNoSpeech,
                policy: settings.policy.make(tokenizer: tokenizer, settings: settings.windows),
                isCorrected: settings.corrections)
            utterances += 1
            tell(.speechStarted(at: start))
        case .ended(let range):
            detectorNoSpeech = 1
            guard var utterance = current else { return }
            // Text that may not be corrected can reach beyond a cut: it is not said again.
            let settled = utterance.isCorrected ? 0 : utterance.policy.words.last?.end.asSamples ?? 0
            saidUntil = max(utterance.start, range.upperBound, min(gate.position, settled))
            utterance.end = saidUntil
            current = nil
            ended.append(utterance)
            tell(.speechStopped(at: saidUntil))
        case .quiet:
            detectorNoSpeech = 1
        }
    }

    // MARK: - Live text

    private mutating func planLive() {
        // Text that may not be corrected is finished by the policy itself, before anything newer.
        while !isLiveRunning, var utterance = ended.first, !utterance.isCorrected, let end = utterance.end {
            utterance.isClosing = true
            let plan = utterance.policy.window(of: utterance.start..<end, hop: 0, isLast: true)
            ended[0] = utterance
            if let plan { requestLive(plan, of: utterance) } else { completeFirst() }
        }
        guard !isLiveRunning else { return }
        if var utterance = current {
            // All that was said is heard; the final comes next.
            if let end = presumedEnd, utterance.heardUntil >= end { return }
            // Not to the newest sample: what the gate has not looked at may belong to the next utterance.
            let sound = utterance.start..<max(utterance.start, gate.position)
            let hop = (settings.windows.hop * hopFactor).asSamples
            guard let plan = utterance.policy.window(of: sound, hop: hop, isLast: false) else { return }
            utterance.heardUntil = plan.range.upperBound
            current = utterance
            requestLive(plan, of: utterance)
        }
    }

    private mutating func requestLive(_ plan: WindowPlan, of utterance: Utterance) {
        isLiveRunning = true
        let request = RecognitionRequest(
            samples: timeline.samples(in: plan.range),
            options: settings.decodingLive(plan, language: utterance.language),
            context: before(utterance, isUsed: utterance.usesContext.live) + plan.context, prefix: plan.prefix,
            attentionThreshold: plan.attentionThreshold, priority: .live)
        queue.append(
            .recognize(
                RecognitionWork(
                    purpose: .live(plan), utterance: utterance.number, request: request, end: plan.range.upperBound)))
    }

    private mutating func acceptLive(_ result: RecognitionResult?, plan: WindowPlan, utterance number: Int) {
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
        let seconds = (plan.range.upperBound - plan.range.lowerBound).asSeconds
        let reason = settings.hallucinations.live.reason(
            against: .init(result, seconds: seconds, detectorNoSpeech: utterance.detectorNoSpeech))
        var believed = result
        if let reason, reason != .empty {
            tell(.dropped(reason))
            utterance.usesContext.live = false
            (believed.text, believed.tokens, believed.words) = ("", [], [])
        }
        utterance.policy.accept(believed, of: plan)
        utterance.language = utterance.language ?? (believed.text.isEmpty ? nil : result.language)
        let caption = utterance.caption
        guard caption != utterance.told ?? Caption() else { return }
        utterance.told = caption
        tell(.partial(utterance: utterance.number, caption, start: utterance.start))
    }

    // MARK: - Finals

    /// Where the utterance that is spoken ends if nobody goes on, when there is time to decode it on suspicion.
    private var presumedEnd: Int? {
        guard let current, current.isCorrected, ended.isEmpty, hopFactor < 2 else { return nil }
        return gate.presumedEnd.flatMap { $0 > current.start && $0 != current.failedEnd ? $0 : nil }
    }

    private mutating func planFinal() {
        while !isFinalRunning, let utterance = ended.first, utterance.isCorrected, let end = utterance.end {
            let polish = utterance.polish(to: end)
            ended[0].polish = polish
            if !polish.isDone { return requestFinal(polish, of: utterance) }
            if utterance.usesContext.final, !before(utterance, isUsed: true).isEmpty,
                reason(against: polish, of: utterance) != nil
            {
                // Context makes a small model repeat itself: once more without.
                ended[0].usesContext.final = false
                ended[0].polish = nil
            } else {
                completeFirst()
            }
        }
        // In a pause, in case it is the end: its final is there when it turns out to be.
        if !isFinalRunning, let utterance = current, let end = presumedEnd {
            let polish = utterance.polish(to: end)
            current?.polish = polish
            if !polish.isDone { requestFinal(polish, of: utterance) }
        }
    }

    private mutating func requestFinal(_ polish: Polish, of utterance: Utterance) {
        isFinalRunning = true
        let end = polish.range.upperBound
        let request = RecognitionRequest(
            samples: timeline.samples(in: polish.position..<end), options: settings.decodingFinal,
            context: before(utterance, isUsed: utterance.usesContext.final) + polish.tokens, priority: .live)
        queue.append(
            .recognize(RecognitionWork(purpose: .final, utterance: utterance.number, request: request, end: end)))
    }

    private mutating func acceptFinal(_ result: RecognitionResult?, of work: RecognitionWork) {
        let tokenizer = tokenizer
        if let utterance = ended.first, utterance.number == work.utterance {
            // Somebody went on after that.
            guard utterance.end == work.end else { return }
            if let result {
                ended[0].polish?.add(result, tokenizer: tokenizer)
            } else {
                tell(.unpolished)
                ended[0].polish = nil
                completeFirst()
            }
        } else if let utterance = current, utterance.number == work.utterance {
            if let result {
                current?.polish?.add(result, tokenizer: tokenizer)
            } else {
                current?.polish = nil
                current?.failedEnd = work.end
            }
        }
    }

    /// Tokens of what was said before an utterance.
    private func before(_ utterance: Utterance, isUsed: Bool) -> [Int] {
        isUsed ? context.tokens(at: utterance.start) : []
    }

    /// Tells the final of the oldest utterance that is over.
    private mutating func completeFirst() {
        let utterance = ended.removeFirst()
        var caption = utterance.final(in: settings.language)
        if let polish = utterance.wholePolish, let reason = reason(against: polish, of: utterance) {
            context.clear()
            tell(.dropped(reason))
            (caption.text, caption.words, caption.confidence) = ("", [], 0)
        } else if !caption.text.isEmpty {
            let tokens = utterance.wholePolish?.tokens ?? tokenizer.encode(" " + caption.text)
            context.add(tokens, spokenIn: caption.range)
        }
        // Nobody needs to hear of an utterance that never showed and has no text.
        if !caption.text.isEmpty || utterance.told != nil { tell(.final(caption)) }
    }

    private func reason(against polish: Polish, of utterance: Utterance) -> HallucinationGuard.Reason? {
        settings.hallucinations.reason(against: .init(polish, detectorNoSpeech: utterance.detectorNoSpeech))
    }

    // MARK: - Acknowledgement

    private mutating func acknowledge() {
        let done = isFinishing && current == nil && ended.isEmpty && !gate.isUndecided ? timeline.end : gate.needed
        let position = min(done, current?.start ?? .max, ended.first?.start ?? .max)
        timeline.discard(before: position)
        // Not for every frame: a client forgets sound by the second.
        guard position - acknowledged >= AudioTimeline.sampleRate || (done == timeline.end && position > acknowledged)
        else { return }
        acknowledged = position
        tell(.acknowledged(position))
    }

    private mutating func tell(_ event: CaptionEvent) {
        queue.append(.tell(event))
    }
}
