import Gateway
import NIOCore
import Recognition
import SoriProtocol
import SoriTesting
import Streaming
import WhisperText

/// A server's session with a clock that is set by hand, and answers that are given by hand.
struct ManualSession {
    typealias Answer = Result<RecognitionResult, RecognitionError>

    var session: ServerSession
    var now = ContinuousClock.now
    private(set) var attachment = 1
    /// What was told, and what was noted, in order.
    private(set) var told: [ServerMessage] = []
    private(set) var notes: [ServerSession.Note] = []
    /// Numbers of windows that were taken back.
    private(set) var withdrawn: [Int] = []
    /// Windows without an answer.
    var asked: [RecognitionWork] = []
    /// The answer to a window; `nil` gives none.
    var answer: (RecognitionWork) -> Answer? = { .success(Self.word(for: $0)) }
    var detection: Result<SpeechDetection, RecognitionError> = .success(.init(noSpeechProbability: 0.1, isSpeech: true))

    init(_ start: ClientMessage.Start = .init(gap: 0), limits: SessionLimits = SessionLimits()) throws {
        session = try ServerSession(
            start,
            requests: RequestedSettings(standard: CaptionSettings(), limits: limits, tokenizer: .bytes),
            limits: limits, tokenizer: .bytes, at: now)
        attachment = try session.attach(start, at: now).number
        work()
    }

    /// One word in all of a window.
    static func word(for work: RecognitionWork) -> RecognitionResult {
        ScriptedRecognizer.word(for: work.request, language: work.request.options.language ?? "en")
    }

    /// Does what is to be done now.
    mutating func work() {
        session.advance(to: now)
        while let action = session.nextAction() {
            switch action {
            case .publish(let message): told.append(message)
            case .note(let note): notes.append(note)
            case .withdraw(let id):
                withdrawn.append(id)
                asked.removeAll { $0.id == id }
            case .flushGap: session.flush(.gap, rest: [], at: now)
            case .detect: session.detected(detection, at: now)
            case .recognize(let work):
                if let answer = answer(work) {
                    session.recognized(answer, work, turnaround: 0.1, at: now)
                } else {
                    asked.append(work)
                }
            }
        }
    }

    /// Lets time pass, and does what is due.
    mutating func wait(_ seconds: Double) {
        let end = now + .seconds(seconds)
        while let deadline = session.deadline, deadline <= end {
            now = max(now, deadline)
            work()
        }
        now = end
        work()
    }

    /// Seconds of a loud voice, or of near silence, at 16 kHz.
    mutating func hear(_ seconds: Double, isLoud: Bool = true) throws {
        let level: Float = isLoud ? 0.2 : 0.0003
        for start in stride(from: 0, to: Int(seconds * 16_000), by: 640) {
            let samples = (start..<min(start + 640, Int(seconds * 16_000))).map { index in
                // Louder and softer, as a voice is; an even tone would be a machine.
                (index % 2 == 0 ? 1 : -1) * (index / 2560 % 2 == 0 ? level : level / 2)
            }
            let frame = ByteBuffer(repeating: 0, count: 2 * samples.count)
            guard case .admitted = try session.admit(frame, from: attachment, at: now) else { continue }
            session.hear(samples, at: now)
            now += .milliseconds(40)
            work()
        }
    }

    mutating func reconnect(_ start: ClientMessage.Start = .init()) throws -> Int {
        let place = try session.attach(start, at: now)
        attachment = place.number
        work()
        return place.resumeAt
    }

    mutating func loseConnection() {
        session.detach(attachment, at: now)
        work()
    }

    mutating func finish() {
        session.finish(rest: [], at: now)
        work()
    }

    mutating func shutDown() {
        session.shutDown(rest: [], at: now)
        work()
    }

    var finals: [String] { told.compactMap { if case .final(let final) = $0 { final.text } else { nil } } }

    var notices: [NoticeCode] { told.compactMap { if case .notice(let notice) = $0 { notice.code } else { nil } } }

    var errors: [ErrorCode] { told.compactMap { if case .error(let failure) = $0 { failure.code } else { nil } } }
}
