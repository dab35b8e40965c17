package import NIOCore
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

    /// What whoever runs the server wants to know.
    package enum Note: Sendable {
        case heard(seconds: Double)
        case recognized(RecognitionWork, seconds: Double, work: Double)
        case final
        case dropped(HallucinationGuard.Reason)
        /// A window that came to nothing. `isFirst` where the one before did not fail for the same reason.
        case recognitionFailed(RecognitionError, RecognitionWork, seconds: Double, isFirst: Bool)
        /// A window that was not wanted any longer.
        case withdrawn(RecognitionWork, seconds: Double)
        case detectionFailed(RecognitionError, isFirst: Bool)
        case audioFailed(any Error)
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
    private(set) var settings: CaptionSettings
    var captions: CaptionSession
    var load: LoadControl
    var gap: GapWatch
    var flushes = FlushPlaces()
    var stage = Stage.open
    private(set) var presence = Presence.attached
    private(set) var attachments = 0
    /// Samples of each channel that came, at the client's rate.
    private(set) var received = 0
    /// Those of them that the client need not keep.
    var acknowledged = 0
    /// When the client was owed text last.
    var owedUntil: Instant
    /// Whether captions are late, and the client knows.
    var isLate = false
    /// Why the last window failed; `nil` when it did not.
    var failure: RecognitionError.Code?
    var detectionFailure: RecognitionError.Code?
    /// Tries of the final that is being decoded.
    var tries = 0
    var postponed: [Postponed] = []
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
        captions = CaptionSession(settings: settings, tokenizer: tokenizer)
        load = LoadControl(hop: settings.windows.hop)
        owedUntil = now
        self.limits = limits
        self.requests = requests
        remarkOnWords()
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
    package var isShuttingDown: Bool { [.finishing(isShutdown: true), .told(isShutdown: true)].contains(stage) }

    /// Since when the client is owed no text; `nil` while it is: it need not say anything then.
    package var owesNothingSince: Instant? { stage == .open && flushes.asked == 0 ? owedUntil : nil }

    /// What is to be done next; `nil` when it waits for sound, for an answer, or for its ``deadline``.
    package mutating func nextAction() -> Action? {
        actions.isEmpty ? nil : actions.removeFirst()
    }

    // MARK: - Its client

    /// A connection has it from now on; one that had it before does not any longer.
    ///
    /// - Returns: the number of the attachment, and the sample from which sound is expected, at the client's rate.
    /// - Throws: ``RequestFailure`` when it is over, or the sound is to come in another format.
    package mutating func attach(_ start: ClientMessage.Start, at now: Instant) throws -> (number: Int, resumeAt: Int) {
        guard !isOver, !isShuttingDown else { throw RequestFailure.sessionIsGone }
        if let audio = start.audio, audio != format {
            throw RequestFailure(
                .badStart, "'audio' differs from the session's; send the same format, or start a new session")
        }
        attachments += 1
        presence = .attached
        gap.restart(at: now)
        return (attachments, received)
    }

    /// The connection is gone; the session waits for another one for a while.
    package mutating func detach(_ number: Int, at now: Instant) {
        guard number == attachments, presence == .attached, !isOver else { return }
        presence = .lost(since: now)
        if isShuttingDown { end() }
    }

    /// The client has got everything.
    package mutating func toldAll(_ number: Int) {
        guard number == attachments, case .told = stage else { return }
        end()
    }

    /// What happens to a frame of sound.
    package enum Frame: Sendable {
        /// It is counted: give its samples to ``hear(_:at:)``.
        case admitted
        /// The server stops: it is sent again, to another server.
        case ignored
        /// The connection does not have the session any longer.
        case refused
    }

    /// Counts a frame of sound.
    ///
    /// - Throws: ``RequestFailure`` when it is not valid, or too much sound waits.
    package mutating func admit(_ frame: ByteBuffer, from number: Int, at now: Instant) throws -> Frame {
        guard frame.readableBytes.isMultiple(of: format.bytesPerFrame) else {
            throw RequestFailure(
                .unsupportedAudio,
                "a frame of \(frame.readableBytes) bytes ends in the middle of a sample; "
                    + "send a multiple of \(format.bytesPerFrame)")
        }
        guard number == attachments, !isOver else { return .refused }
        if isShuttingDown { return .ignored }
        guard stage == .open else {
            throw RequestFailure(.badMessage, "sound after finish is not heard", isFatal: false)
        }
        try checkRoom()
        received += frame.readableBytes / format.bytesPerFrame
        gap.restart(at: now)
        return .admitted
    }

    /// - Throws: ``RequestFailure`` when more sound waits than is kept for a session.
    private func checkRoom() throws {
        guard Double(received - acknowledged) > limits.unprocessed * Double(format.sampleRate) else { return }
        throw failure == nil
            ? RequestFailure(
                .audioTooFast, "\(Int(limits.unprocessed)) s of sound wait; send no faster than they are acknowledged",
                retryAfter: 1)
            : RequestFailure(.noWorkerReady, "nothing can recognise speech now; come back later", retryAfter: 5)
    }

    /// Takes in the samples of frames that were admitted, at 16 kHz in -1...1.
    package mutating func hear(_ samples: [Float], at now: Instant) {
        note(.heard(seconds: samples.count.asSeconds))
        captions.append(samples)
        pump(at: now)
    }

    /// Tells the client what is odd about the sound.
    package mutating func remark(on oddity: AudioInput.Oddity) {
        switch oddity {
        case .badSamples: notice(.badSamples, "the sound has samples that are not numbers; they are taken as silence")
        case .channelsCancel:
            notice(.channelsCancel, "the channels cancel each other (one is upside down); the louder one is heard")
        }
    }

    /// The sound cannot be converted, and without sound a session is of no use.
    package mutating func fail(_ error: any Error) -> RequestFailure {
        note(.audioFailed(error))
        end()
        return RequestFailure(.internalError, "the sound cannot be converted; start a new session", retryAfter: 1)
    }

    /// Changes settings while the session runs.
    ///
    /// - Throws: ``RequestFailure`` when that cannot be had; everything stays as it was.
    package mutating func configure(_ configuration: ClientMessage.Configuration, at now: Instant) throws {
        let changed: CaptionSettings
        do {
            changed = try requests.changed(settings, by: configuration)
        } catch {
            throw RequestFailure(.badMessage, error.message, isFatal: false)
        }
        let hasSameWords = changed.hasSameWords(as: settings)
        settings = changed
        captions.configure { $0.take(changed) }
        if !hasSameWords { remarkOnWords() }
        pump(at: now)
    }

    /// Tells the client when the model has no room for all of prompt and hotwords.
    private mutating func remarkOnWords() {
        if let remark = settings.cutWords(for: requests.tokenizer) { notice(.promptCut, remark) }
    }

    /// What was said so far becomes final now.
    ///
    /// - Parameter rest: samples at 16 kHz that converting has held back.
    package mutating func flush(_ reason: ServerMessage.Flush.Reason, rest: [Float], at now: Instant) {
        guard stage == .open else { return }
        captions.append(rest)
        flushes.add(reason, at: received)
        captions.flush()
        pump(at: now)
    }

    /// No more sound comes; the last words are told, then `finished`.
    ///
    /// - Parameter rest: samples at 16 kHz that converting has held back.
    package mutating func finish(rest: [Float], at now: Instant) {
        guard stage == .open else { return }
        stage = .finishing(isShutdown: false)
        takeLast(rest, at: now)
    }

    private mutating func takeLast(_ rest: [Float], at now: Instant) {
        captions.append(rest)
        captions.finish()
        pump(at: now)
    }

    /// The server stops: whoever is connected gets the last words; whoever is not goes to another server.
    package mutating func shutDown(rest: [Float], at now: Instant) {
        guard presence == .attached else { return end() }
        // Who has finished already wants nothing more than the last words.
        guard stage == .open else { return }
        let failure = RequestFailure(
            .shuttingDown, "the server stops; connect to another one", isFatal: false, retryAfter: 1)
        publish(.error(failure.failure))
        stage = .finishing(isShutdown: true)
        takeLast(rest, at: now)
    }

    /// Ends without waiting for anything.
    package mutating func end() {
        stage = .over
        postponed = []
    }

    // MARK: - Time

    /// When ``advance(to:)`` is to be called; `nil` for not at all.
    package var deadline: Instant? {
        guard !isOver else { return nil }
        let expiry = lostSince.map { $0 + .seconds(limits.resume) }
        return [expiry, isGapWatched ? gap.deadline : nil, postponed.map(\.due).min()].compactMap(\.self).min()
    }

    /// Whether silence of the client counts: nobody is silent who is not here.
    private var isGapWatched: Bool { stage == .open && presence == .attached && captions.isOpen }

    /// Does what is due.
    package mutating func advance(to now: Instant) {
        guard !isOver else { return }
        if let lostSince, now >= lostSince + .seconds(limits.resume) { return end() }
        if isGapWatched, gap.isOver(at: now) {
            gap.restart(at: now)
            ask(.flushGap)
        }
        takePostponed(at: now)
        pump(at: now)
    }

    // MARK: - What comes out

    mutating func publish(_ message: ServerMessage) { actions.append(.publish(message)) }
    mutating func note(_ note: Note) { actions.append(.note(note)) }
    mutating func ask(_ action: Action) { actions.append(action) }

    mutating func notice(_ code: NoticeCode, _ message: String) {
        publish(.notice(ServerMessage.Notice(code: code, message: message)))
    }
}
