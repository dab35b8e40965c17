import Listening
import SoriProtocol
import WebSockets

/// Drives a session by hand: every step at a time that the test chooses.
struct SessionDriver {
    static let format = AudioFormat(encoding: .pcmMuLaw, sampleRate: 8_000, channels: 1)

    var session: LiveSession
    var now = Duration.zero
    var events: [LiveEvent] = []
    /// Samples that were sent before each flush, since ``send()`` was called.
    var flushedAt: [Int] = []

    init(settings: ClientMessage.Start = .init(language: "ko"), limits: LiveLimits = .init()) {
        session = LiveSession(settings: settings, format: Self.format, limits: limits)
        collect()
    }

    /// Opens a connection and returns its first message.
    @discardableResult
    mutating func connect() -> ClientMessage.Start? {
        guard session.connect(at: now) else { return nil }
        session.opened(at: now)
        collect()
        guard case .message(.start(let start)) = session.next() else { return nil }
        return start
    }

    /// Waits until a connection is wanted, and opens it.
    @discardableResult
    mutating func connectWhenDue() -> ClientMessage.Start? {
        for _ in 0..<1_000 {
            if session.outcome != nil { return nil }
            if let start = connect() { return start }
            now += .milliseconds(100)
            session.tick(at: now)
        }
        return nil
    }

    mutating func ready(_ name: String = "a", resumeAt: Int = 0) {
        receive(.ready(.init(session: name, resumeToken: "secret-\(name)", resumeAt: resumeAt, policy: .alignatt)))
    }

    mutating func receive(_ message: ServerMessage) {
        session.receive(message, at: now)
        collect()
    }

    mutating func fail(_ code: ErrorCode, retryAfter: Double? = nil) {
        receive(.error(.init(code: code, message: "no", fatal: true, retryAfter: retryAfter)))
    }

    mutating func final(_ utterance: Int, _ text: String, _ start: Double, _ end: Double) {
        receive(
            .final(
                .init(
                    utterance: utterance, text: text, words: [.init(text: text, start: start, end: end, confidence: 1)],
                    start: start, end: end, language: "ko", confidence: 1)))
    }

    mutating func cut() {
        session.disconnected(Disconnection(.retry(seconds: nil), "cut"), at: now)
        collect()
    }

    mutating func wait(_ duration: Duration) {
        now += duration
        session.tick(at: now)
        collect()
    }

    /// Seconds of sound from the microphone, or from a source that may be silent.
    mutating func speak(_ seconds: Double, mayPause: Bool = false) {
        let block = [UInt8](repeating: 1, count: Int(seconds * Double(Self.format.sampleRate)))
        session.append(block, at: mayPause ? now : nil)
        collect()
    }

    /// Everything that may be sent now: samples, and whether `finish` was among it.
    mutating func send() -> (samples: Int, isFinished: Bool) {
        var samples = 0
        flushedAt = []
        while let outgoing = session.next() {
            switch outgoing {
            case .sound(let bytes): samples += bytes.count
            case .message(.finish): return (samples, true)
            case .message(.flush): flushedAt.append(samples)
            case .message: break
            }
        }
        return (samples, false)
    }

    mutating func takeEvents() -> [LiveEvent] {
        defer { events = [] }
        return events
    }

    private mutating func collect() {
        events += session.takeEvents()
    }
}
