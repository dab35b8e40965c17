internal import Foundation
package import SoriProtocol
package import Streaming
internal import Synchronization

/// The sessions of this server.
package final class SessionRegistry: Sendable {
    private let sessions = Mutex<[String: LiveSession]>([:])
    private let opened: AsyncStream<LiveSession>
    private let opener: AsyncStream<LiveSession>.Continuation
    private let engine: SpeechEngine
    private let settings: CaptionSettings
    package let limits: SessionLimits
    package let statistics: GatewayStatistics
    private let admission: Admission

    package init(
        engine: SpeechEngine, settings: CaptionSettings, limits: SessionLimits, statistics: GatewayStatistics
    ) {
        self.engine = engine
        self.settings = settings
        self.limits = limits
        self.statistics = statistics
        admission = Admission(hop: limits.hop, lanes: engine.lanes)
        (opened, opener) = AsyncStream.makeStream()
    }

    /// Runs all sessions, until ``close()`` and the last of them is over.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await session in opened {
                group.addTask {
                    await session.run()
                    self.remove(session)
                }
            }
        }
    }

    /// Opens no more sessions.
    package func close() {
        opener.finish()
    }

    /// Opens a session, or takes one up again.
    ///
    /// - Throws: ``RequestFailure``.
    package func open(_ start: ClientMessage.Start) throws -> (LiveSession, LiveSession.Attachment) {
        if let id = start.session { return try resume(id, start) }
        let session = try newSession(start)
        let (obstacle, lost) = sessions.withLock { sessions in
            let room = room(beside: sessions.values)
            if room.obstacle == nil {
                if let lost = room.lost { sessions[lost.id] = nil }
                sessions[session.id] = session
                admission.open(session.id)
            }
            return room
        }
        lost?.abandon()
        if let obstacle {
            statistics.count(\.sessionsRefused)
            throw RequestFailure(.tooManySessions, "\(obstacle); try again later", retryAfter: 5)
        }
        statistics.count(\.sessions)
        statistics.count(\.sessionsOpened)
        let attachment = session.attach(after: nil)
        session.remarkOnWords(of: session.settings)
        opener.yield(session)
        return (session, attachment)
    }

    private func newSession(_ start: ClientMessage.Start) throws -> LiveSession {
        do {
            return try LiveSession(
                id: Self.random(bytes: 9), resumeToken: Self.random(bytes: 24), start: start,
                requests: RequestedSettings(standard: settings, limits: limits, tokenizer: engine.tokenizer),
                limits: limits, engine: engine, statistics: statistics, admission: admission)
        } catch {
            throw RequestFailure(.badStart, error.message)
        }
    }

    /// Why there is no room for another session; `nil` when there is.
    package var obstacle: String? { sessions.withLock { room(beside: $0.values).obstacle } }

    /// Whether there is room for another session, and the one that has to give way: who is here goes before who may come
    /// back, so that those who left never fill a server.
    private func room(beside sessions: some Collection<LiveSession>) -> (obstacle: String?, lost: LiveSession?) {
        guard admission.hasRoom else {
            return ("the machine is busy with \(sessions.count) sessions and captions would come late", nil)
        }
        guard sessions.count >= limits.sessions else { return (nil, nil) }
        let lost = sessions.compactMap { session in session.lost.map { (session, $0) } }
        let longest = lost.min { $0.1 < $1.1 }?.0
        return (longest == nil ? "\(limits.sessions) sessions are open, which is the limit" : nil, longest)
    }

    /// A session by its name, for onlookers.
    package func session(_ id: String) -> LiveSession? {
        sessions.withLock { $0[id] }
    }

    private func resume(_ id: String, _ start: ClientMessage.Start) throws -> (LiveSession, LiveSession.Attachment) {
        guard let session = session(id), let token = start.resumeToken, Secret.isEqual(token, session.resumeToken),
            !session.isOver
        else {
            throw RequestFailure(.sessionNotFound, "there is no such session any longer; start a new one")
        }
        statistics.count(\.sessionsResumed)
        return (session, session.attach(after: start.lastFinal))
    }

    private func remove(_ session: LiveSession) {
        sessions.withLock { _ = $0.removeValue(forKey: session.id) }
        admission.close(session.id)
        statistics.count(\.sessions, by: -1)
    }

    private static func random(bytes: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<bytes).map { _ in UInt8.random(in: 0...255, using: &generator) }).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }
}

/// Comparing what must not be guessed.
package enum Secret {
    /// Whether two texts are equal, in a time that does not tell where they differ.
    package static func isEqual(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        var difference = UInt8(one.count == other.count ? 0 : 1)
        for index in other.indices { difference |= other[index] ^ (index < one.count ? one[index] : 0) }
        return difference == 0
    }
}
