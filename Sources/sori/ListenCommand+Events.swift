import Listening
import SoriProtocol

extension LiveEvent {
    /// The event as a line of JSON: a message of the protocol, or one with a `type` of its own for what only a client
    /// knows, or counts in its own seconds: `status`, `lost`, `overflow`, `flushed`. Proofs that are secret are not in it.
    func json(at now: Duration) -> String {
        func line(_ message: some Encodable) -> String {
            // Only numbers that are infinite cannot be written, and none came in.
            ((try? SoriProtocol.encode(message)) ?? "{}") + "\n"
        }
        return switch self {
        case .speech(let speech): line(ServerMessage.speech(speech))
        case .partial(let partial): line(ServerMessage.partial(partial))
        case .final(let final): line(ServerMessage.final(final))
        case .translation(let translation): line(ServerMessage.translation(translation))
        case .notice(let notice): line(ServerMessage.notice(notice))
        case .problem(let failure): line(ServerMessage.error(failure))
        case .opened(let session): line(OwnEvent(type: "opened", session: session))
        case .lost(let from, let to, let reason):
            line(OwnEvent(type: "lost", from: from, to: to, reason: reason.rawValue))
        case .flushed(let seconds, let reason):
            line(OwnEvent(type: "flushed", reason: reason.rawValue, seconds: seconds))
        case .overflow(let count): line(OwnEvent(type: "overflow", count: count))
        case .finished(let seconds): line(OwnEvent(type: "finished", seconds: seconds))
        case .status(let status): line(OwnEvent(status, at: now))
        }
    }
}

/// An event that no server sends.
private struct OwnEvent: Encodable {
    var type: String
    var state: String?
    var retryIn: Double?
    var session: String?
    var from: Double?
    var to: Double?
    var reason: String?
    var count: Int?
    var seconds: Double?
}

extension OwnEvent {
    init(_ status: LiveStatus, at now: Duration) {
        type = "status"
        func seconds(until time: Duration) -> Double {
            (max((time - now) / .seconds(1), 0) * 1000).rounded() / 1000
        }
        switch status {
        case .connecting: state = "connecting"
        case .listening: state = "listening"
        case .finishing: state = "finishing"
        case .reconnecting(let time, let why):
            (state, reason, retryIn) = ("reconnecting", why, time.map(seconds(until:)))
        case .waiting(let time, let why):
            (state, reason, retryIn) = ("waiting", why, seconds(until: time))
        }
    }
}
