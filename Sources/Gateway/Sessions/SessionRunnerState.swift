internal import Audio
internal import NIOCore
internal import SoriProtocol
internal import Streaming

/// A session, and what turns its client's frames into samples.
struct SessionRunnerState {
    var session: ServerSession
    var audio: AudioInput
    var outbox: Outbox
    /// Whether a record was stored, and whether one is being stored.
    var isStored = false
    var isStoring = false
    /// Whether another gateway has the session.
    var isLost = false
    /// How loud the newest sound is.
    private(set) var level = AudioLevel([])
    /// When the session is looked at again in any case.
    fileprivate(set) var alarm: ContinuousClock.Instant?

    /// Whether the session has to be looked at before its alarm.
    var isUrgent: Bool { session.isUrgent || (session.deadline != nil && alarm == nil) }

    /// When the session wants to be looked at; `nil` where an alarm is set that comes before.
    mutating func newAlarm(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if let past = alarm, past <= now { alarm = nil }
        guard let deadline = session.deadline, deadline < alarm ?? deadline + .seconds(1) else { return nil }
        alarm = deadline
        return deadline
    }

    mutating func receive(_ frame: ByteBuffer, from number: Int) throws -> Bool {
        switch try session.admit(frame, from: number, at: .now) {
        case .refused: return false
        case .ignored: return true
        case .admitted:
            var oddities: [AudioInput.Oddity] = []
            let samples = try converted { try $0.samples(of: frame) { oddities.append($0) } }
            for oddity in oddities { session.remark(on: oddity) }
            if !samples.isEmpty { level = AudioLevel(samples) }
            session.hear(samples, at: .now)
            return true
        }
    }

    mutating func flush(_ reason: ServerMessage.Flush.Reason) {
        guard let rest = try? converted({ try $0.flush() }) else { return }
        session.flush(reason, rest: rest, at: .now)
    }

    mutating func finish() {
        guard let rest = try? converted({ try $0.finish() }) else { return }
        session.finish(rest: rest, at: .now)
    }

    mutating func shutDown() {
        guard let rest = try? converted({ try $0.finish() }) else { return }
        session.shutDown(rest: rest, at: .now)
    }

    /// - Throws: ``RequestFailure`` when that is not possible; the session is over then.
    private mutating func converted(_ body: (inout AudioInput) throws -> [Float]) throws(RequestFailure) -> [Float] {
        do { return try body(&audio) } catch { throw session.fail(error) }
    }
}
