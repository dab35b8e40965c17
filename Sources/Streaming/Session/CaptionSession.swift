package import Recognition
package import WhisperText

/// One speaker's captions: sound in, captions out, as a value that does no work itself.
///
/// Give it sound with ``append(_:)`` and the answers to the work that it wants; after each, do what ``nextWork()`` returns
/// until it returns `nil`. It asks for one detection, one live window and one final at a time.
///
/// Utterances are found in the sound alone, and finals are decoded in their order, each with the context of those before it.
/// So the finals depend on the sound and the settings only: not on the load, nor on how often a connection broke.
package struct CaptionSession: Sendable {
    package private(set) var settings: CaptionSettings
    let tokenizer: Tokenizer
    var timeline = AudioTimeline()
    var gate: SpeechGate
    var context = TextContext()
    /// The languages that were spoken.
    var memory = LanguageMemory()
    /// The utterance that is spoken now.
    var current: Utterance?
    /// The final before.
    var lastFinal: FinalCaption?
    /// Utterances that are over and wait for their final, oldest first.
    var ended: [Utterance] = []
    /// Utterances so far.
    var utterances = 0
    /// End of the last utterance that is over.
    var saidUntil = 0
    var queue: [CaptionWork] = []
    var isLiveRunning = false
    /// The final that is being decoded: number of the work, number of the utterance, and where its sound ends.
    var runningFinal: (id: Int, utterance: Int, end: Int)?
    /// Utterances that wait for their translation, oldest first.
    var translations: [PendingTranslation] = []
    /// The translation that is being made, and the number of the work.
    var runningTranslation: (id: Int, pass: FinalPass)?
    /// Windows that were asked for so far.
    private var works = 0
    private(set) var isFinishing = false
    private var isFinished = false
    var detectorNoSpeech: Float = 1
    /// A question to the detector that a checkpoint has left open, until its sound has come again.
    var openQuestion: Range<Int>?
    var hopFactor = 1.0
    /// Places where the sound is to be ended, and those where it was and text is still to come, in order.
    var boundaries: [Boundary] = []
    /// Everything before this sample is done with.
    package internal(set) var acknowledged = 0

    package init(settings: CaptionSettings, tokenizer: Tokenizer) {
        self.settings = settings
        self.tokenizer = tokenizer
        gate = SpeechGate(settings: settings.gate)
    }

    /// Samples at 16 kHz that were taken in.
    package var received: Int { timeline.end }
    /// Seconds of sound that are kept.
    package var keptSeconds: Double { timeline.seconds }
    /// Samples that have come.
    package var heard: Int { timeline.end }
    /// Seconds of sound that nothing has looked at yet.
    package var backlog: Double { (timeline.end - gate.position).asSeconds }
    /// Finals that are to be decoded.
    package var pendingFinals: Int { ended.count }

    /// Code of the language that is spoken, given or heard; `nil` where it is not known yet.
    package var language: String? { settings.language ?? memory.language }

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

    /// Whether the machine has time for work that may be in vain: a sixth of all, and the first to go.
    var hasTimeToGuess: Bool { hopFactor < 1.2 }
    /// Whether it has time for what was said before a window: an eighth of all.
    var hasTimeForContext: Bool { hopFactor < 2 }

    /// What is to be done next; `nil` when the session waits for sound or for an answer.
    package mutating func nextWork() -> CaptionWork? {
        queue.isEmpty ? nil : queue.removeFirst()
    }

    /// Takes the detector's answer; without one the sound is taken for speech.
    package mutating func detected(_ detection: SpeechDetection?) {
        let noSpeech = detection?.noSpeechProbability ?? 0
        detectorNoSpeech = min(detectorNoSpeech, noSpeech)
        current?.hearsSpeech(withNoSpeech: noSpeech)
        if let event = gate.answer(detection?.isSpeech ?? true) { handle(event) }
        advance()
    }

    /// Takes the text of a window; `nil` when it could not be had.
    package mutating func recognized(_ result: RecognitionResult?, as work: RecognitionWork) {
        switch work.purpose {
        case .live(let plan):
            isLiveRunning = false
            acceptLive(result, plan: plan, utterance: work.utterance)
        case .final:
            // One that was withdrawn may be answered nevertheless.
            guard runningFinal?.id == work.id else { return }
            runningFinal = nil
            acceptFinal(result, of: work)
        case .translation: acceptTranslation(result, of: work)
        }
        advance()
    }

    // MARK: - Sound

    mutating func advance() {
        askAgain()
        hearSound()
        if isFinishing, boundaries.allSatisfy({ $0.next != nil }) {
            while let event = gate.finish(at: timeline.end) { handle(event) }
        }
        withdrawGuess()
        planLive()
        planFinal()
        planTranslation()
        tellFlushed()
        acknowledge()
        let isAllFinal = current == nil && ended.isEmpty && !gate.isUndecided && boundaries.isEmpty
        if isFinishing, !isFinished, isAllFinal, translations.isEmpty {
            isFinished = true
            tell(.finished)
        }
    }

    /// Asks for the text of a window.
    ///
    /// - Returns: the number of the work.
    @discardableResult
    mutating func ask(
        _ purpose: RecognitionWork.Purpose, of utterance: Int, _ request: RecognitionRequest, sound: Range<Int>
    ) -> Int {
        queue.append(
            .recognize(
                RecognitionWork(
                    id: works, purpose: purpose, utterance: utterance, request: request, end: sound.upperBound,
                    seconds: sound.count.asSeconds)))
        works += 1
        return works - 1
    }

    mutating func handle(_ event: SpeechGate.Event) {
        switch event {
        case .detect(let range): queue.append(.detect(detectionRequest(range)))
        case .started(let found):
            let start = max(found, saidUntil)
            current = Utterance(
                number: utterances, start: start, detectorNoSpeech: detectorNoSpeech,
                policy: settings.makePolicy(
                    tokenizer: tokenizer, lead: ended.isEmpty ? lead(settings.liveLead, to: start) : nil),
                isCorrected: settings.decodesFinals)
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

    /// Asks the detector.
    func detectionRequest(_ range: Range<Int>) -> DetectionRequest {
        // Not the language of live windows: when they come must not decide where an utterance ends.
        DetectionRequest(samples: timeline.samples(in: range), language: settings.language)
    }

    /// The sound of a window, and of the lead that it begins with.
    func sound(of window: Range<Int>, lead: LeftContext?) -> [Float] {
        guard let lead, window.lowerBound == lead.start else { return timeline.samples(in: window) }
        return timeline.samples(in: lead.sound)
            + timeline.samples(in: lead.start + lead.sound.count..<window.upperBound)
    }

    // MARK: - Acknowledgement

    /// Where the lead of an utterance that may start at a sample begins.
    func leadStart(before position: Int) -> Int {
        guard let lastFinal, !lastFinal.words.isEmpty,
            (position - lastFinal.range.upperBound).asSeconds <= LeftContext.longestPause
        else { return position }
        let seconds = settings.decodesFinals ? max(settings.liveLead, settings.finalLead) : settings.liveLead
        let first = lastFinal.range.upperBound - (seconds + LeftContext.preRoll).asSamples
        return min(position, max(lastFinal.range.lowerBound, first))
    }

    private mutating func acknowledge() {
        let done = isFinishing && current == nil && ended.isEmpty && !gate.isUndecided ? timeline.end : gate.needed
        let position = min(done, current?.start ?? .max, ended.first?.start ?? .max)
        let needed = isFinishing && done == timeline.end ? position : leadStart(before: position)
        timeline.discard(before: min(needed, translations.first?.range.lowerBound ?? .max))
        // Once a second is enough: clients discard sound in larger pieces.
        guard position - acknowledged >= AudioTimeline.sampleRate || (done == timeline.end && position > acknowledged)
        else { return }
        acknowledge(until: position)
    }

    mutating func acknowledge(until position: Int) {
        acknowledged = position
        tell(.acknowledged(position))
    }

    mutating func tell(_ event: CaptionEvent) {
        queue.append(.tell(event))
    }
}
