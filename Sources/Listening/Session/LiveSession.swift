package import SoriProtocol
import WebSockets

/// Listening from the first sample to `finished`, over as many connections as it takes: what to send, when to connect,
/// and what came of it. A value without clock, network or threads; whoever drives it tells it the time.
///
/// Its positions are samples since the sound began. A server counts from the start of its session, which is ``base``.
package struct LiveSession: Sendable {
    /// How far the connection is.
    enum Link: Sendable, Equatable {
        /// There is none until then.
        case down(until: Duration)
        /// The socket is being opened.
        case opening(since: Duration)
        /// The socket is open, `start` is due or sent.
        case starting(since: Duration, isStartSent: Bool)
        /// The server takes sound.
        case ready(since: Duration)
    }

    /// What a session is taken up again with.
    struct Resumption: Sendable, Equatable {
        let session: String
        var token: String
        var lastFinal: Int?
        /// Number of the last utterance whose translation has come: they come in order, and are told again.
        var lastTranslation = -1
    }

    /// What is to be sent.
    package enum Outgoing: Sendable, Equatable {
        /// A text frame.
        case message(ClientMessage)
        /// A binary frame.
        case sound([UInt8])
    }

    /// How it ended.
    package enum Outcome: Sendable, Equatable {
        /// Everything is said.
        case finished
        /// It cannot go on.
        case failed(LiveError)
    }

    let limits: LiveLimits
    let settings: ClientMessage.Start
    var audio: UnacknowledgedAudio
    var link: Link
    var backoff: Backoff
    var resumption: Resumption?
    /// The position of the server's sample 0, and the number of its utterance 0.
    var base = 0
    var utteranceBase = 0
    /// One past the last utterance, of all sessions.
    var nextUtterance = 0
    /// The next sample to send, and the first of this connection.
    var sent = 0
    var resumedAt = 0
    /// Where final text ends.
    var finalEnd = 0
    /// Samples that may be ahead of the acknowledgements.
    var window: Int
    var isFinishSent = false
    /// Samples at which what was said is to be final, which the server has not confirmed, and how many of them were sent on
    /// this connection; and the last one that it has confirmed.
    var flushes: [Int] = []
    var flushesSent = 0
    var flushedUntil = 0
    /// When sound came last; nil for a source that is never silent.
    var soundAt: Duration?
    /// When something came from the server that owes an answer.
    var attendedAt: Duration = .zero
    /// Since when nothing has gone well.
    var troubleSince: Duration?
    var wasReady = false
    var overflowCount = 0
    var events: [LiveEvent] = []
    var status = LiveStatus.connecting

    /// Whether no more sound comes.
    package internal(set) var isFinishing = false
    /// How it ended, if it has.
    package internal(set) var outcome: Outcome?

    /// Creates a session that wants to connect at once.
    ///
    /// - Parameters:
    ///   - settings: what is asked of the server; `audio` and what takes up a session are filled in.
    ///   - now: the time; only differences count.
    package init(
        settings: ClientMessage.Start, format: AudioFormat, limits: LiveLimits = .init(), now: Duration = .zero
    ) {
        self.limits = limits
        self.settings = settings
        audio = UnacknowledgedAudio(format: format, capacity: limits.samples(limits.memory, format))
        window = limits.samples(limits.window, format)
        backoff = limits.backoff
        link = .down(until: now)
        troubleSince = now
        events.append(.status(.connecting))
    }

    /// The time at a position, in seconds.
    func seconds(_ position: Int) -> Double {
        Double(position) / Double(audio.format.sampleRate)
    }

    /// What has happened since the last call.
    package mutating func takeEvents() -> [LiveEvent] {
        defer { events = [] }
        return events
    }
}

// MARK: - Sound

extension LiveSession {
    /// Seconds of sound so far.
    package var duration: Double { seconds(audio.end) }

    /// Whether there is little enough sound waiting that more may be read from where it does not run away.
    package var wantsSound: Bool {
        audio.end - max(sent, audio.acknowledged) < limits.samples(limits.readAhead, audio.format)
    }

    /// Takes sound, unless it is known that no more comes.
    ///
    /// - Parameter now: the time, where the source may be silent for a while without having ended.
    package mutating func append(_ block: some Collection<UInt8>, at now: Duration? = nil) {
        soundAt = now
        guard !isFinishing, let lost = audio.append(block) else { return }
        lose(lost, .noRoom)
    }

    /// Notes that a microphone had more sound than was fetched.
    package mutating func overflowed(_ count: Int) {
        guard count > 0 else { return }
        overflowCount += count
        events.append(.overflow(count: overflowCount))
    }

    /// No more sound comes: the last words are wanted.
    package mutating func finish() {
        guard !isFinishing else { return }
        isFinishing = true
        if case .ready = link { show(.finishing) }
        // Somebody waits for the end: now is the time to try, unless the server has asked for patience.
        if case .down = link, case .reconnecting = status { link = .down(until: .zero) }
    }

    mutating func lose(_ range: Range<Int>, _ reason: LossReason) {
        guard !range.isEmpty else { return }
        let (from, to) = (seconds(range.lowerBound), seconds(range.upperBound))
        // Microphones bring it in drops: one event for one gap.
        if case .lost(let start, let end, reason) = events.last, end == from {
            events[events.count - 1] = .lost(from: start, to: to, reason)
        } else {
            events.append(.lost(from: from, to: to, reason))
        }
    }
}

// MARK: - Sending

extension LiveSession {
    /// What to send now, if anything.
    package mutating func next() -> Outgoing? {
        guard outcome == nil else { return nil }
        switch link {
        case .starting(let since, isStartSent: false):
            link = .starting(since: since, isStartSent: true)
            return .message(.start(startMessage))
        case .ready:
            let room = max(min(window - ahead, (nextFlush ?? .max) - sent), 0)
            let sound = audio.read(from: sent, maximum: min(room, limits.samples(limits.frame, audio.format)))
            if !sound.isEmpty {
                sent += sound.count / audio.format.bytesPerFrame
                return .sound(sound)
            }
            if let flush = nextFlush, sent >= flush {
                flushesSent += 1
                return .message(.flush)
            }
            guard isFinishing, !isFinishSent, sent >= audio.end else { return nil }
            isFinishSent = true
            return .message(.finish)
        default:
            return nil
        }
    }

    /// Samples that are ahead of the acknowledgements.
    ///
    /// An acknowledgement that a broken connection has swallowed does not come again. So a final counts like one, and each
    /// connection may go on for half a window: else both sides could wait for each other.
    var ahead: Int {
        sent - max(audio.acknowledged, finalEnd, resumedAt - window / 2)
    }

    private var startMessage: ClientMessage.Start {
        var start = settings
        start.audio = audio.format
        start.session = resumption?.session
        start.resumeToken = resumption?.token
        start.lastFinal = resumption?.lastFinal
        return start
    }

    mutating func show(_ new: LiveStatus) {
        guard new != status else { return }
        status = new
        events.append(.status(new))
    }
}
