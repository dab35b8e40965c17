package import Recognition
package import SoriProtocol
package import Streaming
package import WhisperText

/// One client's session on a server, as a value: what comes in changes it, what is to be done comes out of
/// ``nextAction()``. It has no clock, no lock and no task of its own; ``SessionRunner`` gives it all three.
///
/// It lives on while the client's connection breaks and comes back. After every call take actions until there are none,
/// and call ``advance(to:)`` at its ``deadline``. Frames are counted here and converted elsewhere, as converting holds
/// memory of the sound: first ``admit(_:from:at:)``, then ``hear(_:at:)``.
package struct ServerSession: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// Something that takes time, or that others have to know.
    package enum Action: Sendable {
        /// Is there speech? Answer with ``detected(_:at:)``.
        case detect(DetectionRequest)
        /// Write the text of a window. Answer with ``recognized(_:_:turnaround:at:)``.
        case recognize(RecognitionWork)
        /// The text of this window, by its number, is not wanted any longer.
        case withdraw(Int)
        /// The client is silent: call ``flush(_:rest:at:)``.
        case flushGap
        /// Tell everybody who listens.
        case publish(ServerMessage)
        /// Count it, and log what went wrong.
        case note(Note)
    }

    /// What is counted and logged.
    package enum Note: Sendable {
        case heard(seconds: Double)
        case recognized(RecognitionWork, Window)
        /// An utterance is over. Seconds for each of its words, from its sound to text that stayed.
        case final(wordLatencies: [Double])
        case dropped(HallucinationGuard.Reason)
        /// A window that came to nothing. `isFirst` where the one before did not fail for the same reason.
        case recognitionFailed(RecognitionError, RecognitionWork, seconds: Double, isFirst: Bool)
        /// A window that was not wanted any longer.
        case withdrawn(RecognitionWork, seconds: Double)
        case detected(isSpeech: Bool)
        case detectionFailed(RecognitionError, isFirst: Bool)
        case audioFailed(any Error)
        /// It was stored, which took so many seconds.
        case stored(seconds: Double)
        /// It is not stored, for a reason that is not an outage of the store.
        case storeFailed(any Error)

        /// What a window took, in seconds.
        package struct Window: Sendable {
            /// From asking for it to its text.
            var turnaround: Double
            /// Of a lane's time.
            var work: Double
            /// The parts of the work, where they are known.
            var times: WindowTimes?
            /// Between live windows, as it is now.
            var hop: Double
        }
    }

    /// How far a session is.
    enum Stage: Equatable {
        case open
        /// No more sound comes, because the client said so, or because the server stops.
        case finishing(isShutdown: Bool)
        /// Everything is told, but perhaps not to the client.
        case told(isShutdown: Bool)
        case over
    }

    /// Whether its client is connected.
    enum Presence: Equatable {
        case attached
        case lost(since: Instant)
    }

    /// A window whose answer has failed, and what happens to it when its time comes.
    struct Postponed {
        var due: Instant
        var work: RecognitionWork
        /// A live window is worth one try: what it was asked for goes unanswered.
        var isGivenUp: Bool
    }

    package let format: AudioFormat
    let limits: SessionLimits
    /// What may be asked for.
    let requests: RequestedSettings
    /// What captions are asked for.
    var settings: CaptionSettings
    var captions: CaptionSession
    var load: LoadControl
    var gap: GapWatch
    var flushes = FlushPlaces()
    /// Which samples of the client are which at 16 kHz.
    var places: SoundPlaces
    var stage = Stage.open
    var presence = Presence.attached
    var attachments = 0
    /// Samples of each channel that came, at the client's rate.
    var received = 0
    /// Those of them that the client need not keep.
    var acknowledged = 0
    /// When the client was owed text last.
    var owedUntil: Instant
    /// Whether captions are late, and the client knows.
    var isLate = false
    /// Why the last window failed; `nil` when it did not.
    var failure: RecognitionError.Code?
    var detectionFailure: RecognitionError.Code?
    /// Failed tries of what has to be done, by the number of the work.
    var tries: [Int: Int] = [:]
    var postponed: [Postponed] = []
    /// Whether it goes on at another server, because this one stops.
    var isHandedOver = false
    /// The last finals that were told, for the record.
    var finals = ToldFinals(limit: SessionRecord.keptFinals)
    var wordLatency = WordLatency()
    /// Why it is over; `nil` while it is not.
    private(set) var ended: SessionEnd?
    private var actions: [Action] = []

    /// - Throws: ``RequestFailure`` when what the start asks for cannot be had.
    package init(
        _ start: ClientMessage.Start, requests: RequestedSettings, limits: SessionLimits, tokenizer: Tokenizer,
        at now: Instant
    ) throws {
        do {
            settings = try requests.settings(for: start)
            gap = GapWatch(try requests.gap(for: start), at: now)
        } catch {
            throw RequestFailure(.badStart, error.message)
        }
        format = start.audio ?? AudioFormat()
        places = try SoundPlaces(format)
        captions = CaptionSession(settings: settings, tokenizer: tokenizer)
        load = LoadControl(hop: settings.windows.hop)
        owedUntil = now
        self.limits = limits
        self.requests = requests
        remarkOnWords()
    }

    /// Goes on with a session of another gateway, whose client is still to come back.
    ///
    /// - Throws: ``RequestFailure`` when what it asked for cannot be had here.
    package init(
        _ record: SessionRecord, requests: RequestedSettings, limits: SessionLimits, tokenizer: Tokenizer,
        at now: Instant
    ) throws {
        try self.init(record.start, requests: requests, limits: limits, tokenizer: tokenizer, at: now)
        captions = CaptionSession(record.captions, settings: settings, tokenizer: tokenizer)
        (received, acknowledged) = (record.acknowledged, record.acknowledged)
        (flushes, finals, places) = (record.flushes, record.finals, record.places)
        presence = .lost(since: now)
        pump(at: now)
    }

    /// What another gateway needs to go on from here. To be taken when ``nextAction()`` has returned `nil`.
    package func record(token: String) -> SessionRecord {
        let asked = ClientMessage.Start(
            language: settings.language ?? "auto", languages: settings.languages,
            task: settings.task == .translate ? .translate : .transcribe, translate: settings.translates,
            policy: policy, audio: format,
            prompt: settings.prompt ?? "", hotwords: settings.hotwords, corrections: settings.corrections,
            gap: gap.seconds)
        return SessionRecord(
            token: token, start: asked, acknowledged: acknowledged, places: places, flushes: flushes,
            finals: finals, captions: captions.checkpoint)
    }

    /// The policy in force.
    package var policy: ClientMessage.Policy { settings.policy.onWire }
    /// Code of the language that is spoken, given or heard; `nil` while it is not known.
    package var language: String? { captions.language }
    /// When the client was lost; `nil` while it is connected.
    package var lostSince: Instant? { if case .lost(let since) = presence { since } else { nil } }
    /// Whether it has nothing more to do.
    package var isOver: Bool { stage == .over }
    /// Whether it ends because the server does.
    package var isShuttingDown: Bool {
        isHandedOver || [.finishing(isShutdown: true), .told(isShutdown: true)].contains(stage)
    }

    /// Since when the client is owed no text; `nil` while it is: it need not say anything then.
    package var owesNothingSince: Instant? { stage == .open && flushes.asked == 0 ? owedUntil : nil }

    /// What is to be done next; `nil` when it waits for sound, for an answer, or for its ``deadline``.
    package mutating func nextAction() -> Action? {
        actions.isEmpty ? nil : actions.removeFirst()
    }

    /// Whether something is to be done that cannot wait for the next call: all but counting a moment of sound.
    package var isUrgent: Bool {
        actions.contains { if case .note(.heard(let seconds)) = $0 { seconds >= 0.5 } else { true } }
    }

    /// Counts sound that came.
    mutating func count(heard seconds: Double) {
        if case .note(.heard(let before))? = actions.last {
            actions[actions.count - 1] = .note(.heard(seconds: before + seconds))
        } else {
            note(.heard(seconds: seconds))
        }
    }

    // MARK: - Time

    /// When ``advance(to:)`` is to be called; `nil` for not at all.
    package var deadline: Instant? {
        guard !isOver else { return nil }
        let expiry = lostSince.map { $0 + .seconds(limits.resume) }
        return [expiry, isGapWatched ? gap.deadline : nil, postponed.map(\.due).min()].compactMap(\.self).min()
    }

    /// Whether silence of the client counts: only while it is connected and something is heard that is not over.
    private var isGapWatched: Bool { stage == .open && presence == .attached && captions.isOpen }

    /// Does what is due.
    package mutating func advance(to now: Instant) {
        guard !isOver else { return }
        if let lostSince, now >= lostSince + .seconds(limits.resume) { return end(.expired) }
        if isGapWatched, gap.isOver(at: now) {
            gap.restart(at: now)
            ask(.flushGap)
        }
        takePostponed(at: now)
        pump(at: now)
    }

    /// Ends without waiting for anything.
    package mutating func end(_ reason: SessionEnd) {
        if ended == nil { ended = reason }
        stage = .over
        postponed = []
    }

    // MARK: - What comes out

    mutating func publish(_ message: ServerMessage) { actions.append(.publish(message)) }
    mutating func note(_ note: Note) { actions.append(.note(note)) }
    mutating func ask(_ action: Action) { actions.append(action) }

    mutating func notice(_ code: NoticeCode, _ message: String) {
        publish(.notice(ServerMessage.Notice(code: code, message: message)))
    }
}
