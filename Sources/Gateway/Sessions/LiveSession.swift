internal import Logging
package import NIOCore
package import Recognition
package import SoriProtocol
package import Streaming
internal import Synchronization
package import Whisper

/// A client's session on this server: it lives on while the client's socket breaks and comes back.
///
/// All work happens in ``run()``, one input after the other; connections only hand over frames and listen.
package final class LiveSession: Sendable {
    /// A client's hold of a session; a newer one ends it.
    package struct Attachment: Sendable {
        let number: Int
        /// Sample, at the client's rate, from which sound is expected.
        package let resumeAt: Int
        /// What is told from now on, after what was missed.
        package let messages: Subscription
    }

    enum Input: Sendable {
        case frame(ByteBuffer)
        case configure(CaptionSettings)
        case flush
        case finish
        case attached
        case detached(Int)
        /// As many seconds have passed as make a gap, if nothing has come meanwhile.
        case waited
        case expired(Int)
        case abandoned
        case detected(SpeechDetection?)
        case recognized(RecognitionResult?, RecognitionWork, turnaround: Double)
    }

    struct State {
        /// What captions are asked for; the loop follows.
        var settings: CaptionSettings
        /// Code of the language that is spoken, where it was heard and not given.
        var heardLanguage: String?
        /// Samples of each channel that came, at the client's rate.
        var received = 0
        var acknowledged = 0
        var attachments = 0
        var current: Subscription?
        /// When the client was lost that has not come back yet.
        var lost: ContinuousClock.Instant?
        var isFinishing = false
        /// Flushes that were asked for and not answered yet.
        var flushes = 0
        /// When the client was owed text last.
        var owedUntil: ContinuousClock.Instant?
        var isOver = false
        /// Whether recognition fails at the moment.
        var isFailing = false
    }

    package let id: String
    package let resumeToken: String
    /// What the session tells; onlookers subscribe here.
    package let outbox = Outbox()
    let format: AudioFormat
    let limits: SessionLimits
    /// What was asked for at the start.
    let settings: CaptionSettings
    private let requests: RequestedSettings
    /// Seconds without sound that end an utterance; 0 for never.
    let gap: Double
    let engine: SpeechEngine
    let statistics: GatewayStatistics
    let admission: Admission
    let state: Mutex<State>
    private let start = ContinuousClock.now
    let inputs: AsyncStream<Input>
    let feed: AsyncStream<Input>.Continuation

    /// - Throws: ``RequestedSettings/Fault`` when what the start asks for cannot be had.
    package init(
        id: String, resumeToken: String, start: ClientMessage.Start, requests: RequestedSettings,
        limits: SessionLimits, engine: SpeechEngine, statistics: GatewayStatistics, admission: Admission
    ) throws(RequestedSettings.Fault) {
        settings = try requests.settings(for: start)
        gap = try requests.gap(for: start)
        state = Mutex(State(settings: settings))
        self.requests = requests
        self.id = id
        self.resumeToken = resumeToken
        self.limits = limits
        self.engine = engine
        self.statistics = statistics
        self.admission = admission
        format = start.audio ?? AudioFormat()
        (inputs, feed) = AsyncStream.makeStream()
    }

    /// Takes the session for a connection; whoever had it before is let go.
    ///
    /// - Parameter lastFinal: number of the last utterance whose final the client has.
    package func attach(after lastFinal: Int?) -> Attachment {
        let messages = outbox.subscribe(after: lastFinal)
        let (attachment, former) = state.withLock { state in
            state.attachments += 1
            let former = state.current
            state.current = messages
            state.lost = nil
            return (Attachment(number: state.attachments, resumeAt: state.received, messages: messages), former)
        }
        former?.end()
        feed.yield(.attached)
        return attachment
    }

    /// The connection is gone; the session waits for another one for a while.
    package func detach(_ attachment: Attachment) {
        let isCurrent = state.withLock { state in
            guard state.attachments == attachment.number else { return false }
            state.current = nil
            state.lost = .now
            return true
        }
        attachment.messages.end()
        if isCurrent { feed.yield(.detached(attachment.number)) }
    }

    /// When the client was lost; `nil` while one is here.
    package var lost: ContinuousClock.Instant? { state.withLock(\.lost) }

    /// Ends the session without waiting for its client any longer.
    package func abandon() {
        state.withLock { $0.isOver = true }
        feed.yield(.abandoned)
    }

    /// Takes in a frame of sound.
    ///
    /// - Returns: `false` if the connection does not have the session any longer.
    /// - Throws: ``RequestFailure`` when the frame is not valid, or too much sound waits.
    package func receive(_ frame: ByteBuffer, from attachment: Attachment) throws -> Bool {
        let bytes = frame.readableBytes
        guard bytes.isMultiple(of: format.bytesPerFrame) else {
            throw RequestFailure(
                .unsupportedAudio,
                "a frame of \(bytes) bytes ends in the middle of a sample; send a multiple of \(format.bytesPerFrame)")
        }
        return try state.withLock { state in
            guard state.attachments == attachment.number else { return false }
            guard !state.isFinishing else {
                throw RequestFailure(.badMessage, "sound after finish is not heard", isFatal: false)
            }
            let waiting = state.received - state.acknowledged
            guard Double(waiting) <= limits.unprocessed * Double(format.sampleRate) else {
                throw state.isFailing
                    ? RequestFailure(
                        .noWorkerReady, "nothing can recognise speech now; come back later", retryAfter: 5)
                    : RequestFailure(
                        .audioTooFast,
                        "\(Int(limits.unprocessed)) s of sound wait; send no faster than they are acknowledged",
                        retryAfter: 1)
            }
            state.received += bytes / format.bytesPerFrame
            // Under the lock, so that sound is taken in in the order in which it is counted.
            feed.yield(.frame(frame))
            return true
        }
    }

    /// Changes settings while the session runs.
    ///
    /// - Throws: ``RequestedSettings/Fault`` when that cannot be had; everything stays as it was.
    package func configure(_ configuration: ClientMessage.Configuration) throws(RequestedSettings.Fault) {
        let changed = try state.withLock { state throws(RequestedSettings.Fault) in
            let changed = try requests.changed(state.settings, by: configuration)
            defer { state.settings = changed }
            // Under the lock, so that changes are made in the order in which they were checked.
            feed.yield(.configure(changed))
            return changed.hasSameWords(as: state.settings) ? nil : changed
        }
        if let changed { remarkOnWords(of: changed) }
    }

    /// Tells the client when the model has no room for all of prompt and hotwords.
    package func remarkOnWords(of settings: CaptionSettings) {
        guard let remark = settings.cutWords(for: engine.tokenizer) else { return }
        outbox.publish(.notice(ServerMessage.Notice(code: .promptCut, message: remark)))
    }

    /// The policy in force.
    package var policy: ClientMessage.Policy { state.withLock(\.settings.policy).onWire }
    /// Code of the language that is spoken, given or heard; `nil` while it is not known.
    package var language: String? { state.withLock { $0.settings.language ?? $0.heardLanguage } }

    /// What was said so far becomes final now.
    package func flush() {
        state.withLock { state in
            guard !state.isFinishing else { return }
            state.flushes += 1
            // Under the lock, as frames are: it counts from where it stands among them.
            feed.yield(.flush)
        }
    }

    /// Since when the client is owed no text; `nil` while it is: it need not say anything then.
    package var owesNothingSince: ContinuousClock.Instant? {
        state.withLock { state in
            guard state.flushes == 0, !state.isFinishing else { return nil }
            return state.owedUntil ?? start
        }
    }

    /// No more sound comes; the last words are told, then `finished`.
    package func finish() {
        let isFirst = state.withLock { state in
            defer { state.isFinishing = true }
            return !state.isFinishing
        }
        if isFirst { feed.yield(.finish) }
    }

    /// Whether everything is told.
    package var isOver: Bool { state.withLock(\.isOver) }
    /// Whether a client is connected.
    package var isAttached: Bool { state.withLock { $0.current != nil } }
}

/// What recognises and detects for all sessions.
package struct SpeechEngine: Sendable {
    package let recognizer: any SpeechRecognizer
    package let detector: any SpeechDetector
    /// The recogniser's tokenizer.
    package let tokenizer: Tokenizer
    /// Windows that the recogniser works on at the same time.
    package let lanes: Int

    package init(recognizer: any SpeechRecognizer, detector: any SpeechDetector, tokenizer: Tokenizer, lanes: Int) {
        self.lanes = lanes
        self.recognizer = recognizer
        self.detector = detector
        self.tokenizer = tokenizer
    }
}

extension CaptionSettings.Policy {
    /// The policy as it is on the wire.
    package var onWire: ClientMessage.Policy {
        switch self {
        case .alignAtt: .alignatt
        case .localAgreement: .localAgreement
        case .slidingWindow: .slidingWindow
        }
    }

    package init(_ policy: ClientMessage.Policy) {
        self =
            switch policy {
            case .alignatt: .alignAtt
            case .localAgreement: .localAgreement
            case .slidingWindow: .slidingWindow
            }
    }
}
