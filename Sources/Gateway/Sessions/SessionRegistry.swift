package import AccessTokens
internal import ContextStore
internal import Locks
package import Logging
package import Recognition
package import SoriProtocol
package import Streaming
internal import WebSockets

/// The sessions of this server.
package final class SessionRegistry: Sendable {
    private let sessions = Guarded<[String: SessionRunner]>([:])
    private let opened: AsyncStream<SessionRunner>
    private let opener: AsyncStream<SessionRunner>.Continuation
    /// What sessions are served with; `nil` while it is not known.
    let ground = Guarded<(engine: SpeechEngine, requests: RequestedSettings)?>(nil)
    /// How captions are made where nobody has chosen otherwise.
    let settings: CaptionSettings
    let chosen: Guarded<Captioning>
    package let limits: SessionLimits
    package let metrics: GatewayMetrics
    private let readiness: Readiness
    /// What is known of the machine's load.
    package let admission: Admission
    let logger: Logger
    let keeping: SessionKeeping?
    /// Sessions that are just being taken over.
    let arriving = Guarded<Set<String>>([])
    /// What other gateways have, as far as somebody follows a name.
    let stored = Guarded<StoredIDs?>(nil)
    /// How many follow a name.
    let followers = Guarded<[SessionName: Int]>([:])

    /// - Parameters:
    ///   - engine: `nil` where ``use(_:)`` gives it later.
    ///   - keeping: where sessions are kept; `nil` where they end with this process.
    package init(
        engine: SpeechEngine?, settings: CaptionSettings, limits: SessionLimits, metrics: GatewayMetrics,
        readiness: Readiness, keeping: SessionKeeping? = nil, logger: Logger
    ) {
        self.keeping = keeping
        self.settings = settings
        chosen = Guarded(Captioning(settings: settings))
        self.limits = limits
        self.metrics = metrics
        self.readiness = readiness
        self.logger = logger
        admission = Admission(longestHop: limits.longestHop, lanes: engine?.lanes ?? 1)
        (opened, opener) = AsyncStream.makeStream()
        if let engine { use(engine) }
    }

    /// Serves sessions from now on.
    package func use(_ engine: SpeechEngine) {
        let requests = requests(with: engine)
        ground.withLock { $0 = (engine, requests) }
    }

    /// Runs all sessions, until ``shutDown()`` and the last of them is over.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            if let keeping {
                group.addTask { await keeping.store.run() }
                group.addTask { await self.tellHealth(of: keeping.store) }
            }
            await withDiscardingTaskGroup { sessions in
                for await session in opened {
                    sessions.addTask {
                        await session.run()
                        self.remove(session)
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// Tells clients and the log when sessions cannot be stored, and when they can again.
    private func tellHealth(of store: ResilientContextStore) async {
        var wasDegraded = false
        for await health in store.healthChanges() where health.isDegraded != wasDegraded {
            wasDegraded = health.isDegraded
            metrics.set(isDegraded: wasDegraded)
            let sessions = sessions.withLock { Array($0.values) }
            switch health {
            case .degraded(let error):
                logger.warning("sessions are kept in memory", metadata: ["error": "\(error)"])
                for session in sessions {
                    session.notice(.storeUnavailable, "the session is kept in memory, and ends with this server")
                }
            case .working:
                logger.warning("sessions are stored again")
                for session in sessions { session.notice(.storeAvailable, "the session is stored again") }
            }
        }
    }

    /// Opens no more sessions, and ends those that are open: who is connected gets the last words.
    package func shutDown() {
        opener.finish()
        for session in sessions.withLock({ Array($0.values) }) { session.shutDown() }
    }

    /// Opens a session, or takes one up again.
    ///
    /// - Parameter grant: what the client may do.
    /// - Throws: ``RequestFailure``.
    package func open(
        _ start: ClientMessage.Start, _ grant: Grant = .everybody
    ) throws -> (SessionRunner, SessionRunner.Attachment) {
        do {
            return start.session == nil ? try openNew(start, grant) : try resume(start)
        } catch let refusal as RequestFailure {
            metrics.sessionRefused(refusal.failure.code)
            logger.info("session refused", metadata: ["code": "\(refusal.failure.code)"])
            throw refusal
        }
    }

    private func openNew(
        _ start: ClientMessage.Start, _ grant: Grant
    ) throws -> (SessionRunner, SessionRunner.Attachment) {
        let name = try SessionName(start, grant)
        let session = try newSession(start, name: name, holder: grant.holder)
        let room = try sessions.withLock { sessions in
            try check(name, of: grant.holder, beside: sessions)
            let room = self.room(for: grant, beside: sessions)
            if room.unavailableReason == nil {
                for lost in room.lost { sessions[lost.id] = nil }
                sessions[session.id] = session
                admission.open(session.id)
            }
            return room
        }
        for lost in room.lost {
            logger.info("session gives way", metadata: ["session": "\(lost.id)"])
            admission.close(lost.id)
            lost.end(.gaveWay)
        }
        if let unavailableReason = room.unavailableReason {
            throw RequestFailure(.tooManySessions, "\(unavailableReason); try again later", retryAfter: 5)
        }
        metrics.sessionOpened()
        logger.info("session opened", metadata: ["session": "\(session.id)"])
        do {
            let attachment = try session.attach(start)
            guard case .enqueued = opener.yield(session) else { throw RequestFailure.serverStops }
            return (session, attachment)
        } catch {
            // The server has begun to stop.
            remove(session)
            throw error
        }
    }

    private func newSession(
        _ start: ClientMessage.Start, name: SessionName?, holder: String?
    ) throws -> SessionRunner {
        guard var (engine, requests) = ground.withLock({ $0 }) else {
            throw RequestFailure(.noWorkerReady, "no recogniser has been there yet; try again soon", retryAfter: 2)
        }
        if !captioning.usesDetector { engine.detector = EverySoundIsSpeech(detector: engine.detector) }
        let id = name?.newSession() ?? RandomText.base64URL(bytes: 9)
        let session = try ServerSession(
            start, requests: requests, limits: limits, tokenizer: engine.tokenizer, at: .now)
        return SessionRunner(
            id: id, resumeToken: RandomText.base64URL(bytes: 24), holder: holder, session: session,
            audio: try AudioInput(session.format), engine: engine,
            keeper: keeping.map { SessionKeeper($0, session: id) }, onNote: { self.take($0, of: id) })
    }

    /// Goes on with a session of another gateway.
    ///
    /// - Throws: ``RequestFailure`` when what it asked for cannot be had here.
    func adopt(
        _ id: String, _ record: SessionRecord, token: String, holder: String?, keeper: SessionKeeper
    ) throws {
        guard let (engine, requests) = ground.withLock({ $0 }) else { throw RequestFailure.tryAgain }
        let session = try ServerSession(
            record, requests: requests, limits: limits, tokenizer: engine.tokenizer, at: .now)
        let audio = try AudioInput(
            session.format, places: record.places, from: record.acknowledged, position: record.captions.acknowledged)
        let runner = SessionRunner(
            id: id, resumeToken: token, holder: holder, session: session, audio: audio, engine: engine, keeper: keeper,
            onNote: { self.take($0, of: id) })
        guard case .enqueued = opener.yield(runner) else { throw RequestFailure.serverStops }
        sessions.withLock { $0[id] = runner }
        admission.open(id)
        metrics.sessionTakenOver()
        logger.info("session taken over", metadata: ["session": "\(id)"])
    }

    /// Why there is no room for another session; `nil` when there is.
    package var unavailableReason: String? { sessions.withLock { room(for: .everybody, beside: $0).unavailableReason } }

    /// All sessions of this server.
    var all: [SessionRunner] { sessions.withLock { Array($0.values) } }

    /// A session by its id, for onlookers.
    package func session(_ id: String) -> SessionRunner? {
        sessions.withLock { $0[id] }
    }

    private func resume(_ start: ClientMessage.Start) throws -> (SessionRunner, SessionRunner.Attachment) {
        guard let id = start.session, let session = session(id), let token = start.resumeToken,
            Secret.isEqual(token, session.resumeToken)
        else { throw RequestFailure.sessionIsGone }
        let attachment = try session.attach(start)
        admission.resume(id)
        metrics.sessionResumed()
        logger.info("session resumed", metadata: ["session": "\(id)"])
        return (session, attachment)
    }

    private func remove(_ session: SessionRunner) {
        // One that was taken away may have come back, and is another one then.
        let isKnown = sessions.withLock { sessions in
            guard sessions[session.id] === session else { return false }
            sessions[session.id] = nil
            return true
        }
        if isKnown { admission.close(session.id) }
        let reason = session.read(\.ended) ?? .serverStopped
        metrics.sessionClosed(reason)
        logger.info("session closed", metadata: ["session": "\(session.id)", "reason": "\(reason.rawValue)"])
    }

    /// Counts what a session does, and logs what goes wrong there: once, not for every window.
    private func take(_ note: ServerSession.Note, of id: String) {
        metrics.take(note)
        switch note {
        case .recognized(let work, let window):
            readiness.worked()
            admission.observe(window.work, for: work, of: id)
        case .recognitionFailed(let error, _, _, let isFirst):
            readiness.failed(error)
            if isFirst { log("recognition fails", error, of: id) }
        case .detectionFailed(let error, let isFirst):
            if isFirst { log("the detector fails; sound is taken for speech", error, of: id) }
        case .audioFailed(let error): log("sound cannot be converted", error, of: id)
        case .storeFailed(let error): log("a session is not stored", error, of: id)
        case .heard, .final, .dropped, .withdrawn, .detected, .stored: break
        }
    }

    private func log(_ message: Logger.Message, _ error: any Error, of id: String) {
        logger.warning(message, metadata: ["session": "\(id)", "error": "\(error)"])
    }
}
