internal import Audio
internal import ContextStore
internal import Locks
internal import Logging
internal import Recognition
internal import SoriProtocol
internal import Streaming

/// Gives a ``ServerSession`` what a value has not: a lock, so that connections and answers may come at any time, a clock,
/// and tasks that do what it asks for.
package final class SessionRunner: Sendable {
    /// A connection's hold of a session; a newer one ends it.
    package struct Attachment: Sendable {
        let number: Int
        /// Sample, at the client's rate, from which sound is expected.
        package let resumeAt: Int
        /// What is told from now on, after what was missed.
        package let messages: Subscription
    }

    package let id: String
    package let resumeToken: String
    /// Whose it is: the token that it was opened with; `nil` where that is nobody's own.
    package let holder: String?
    /// What the session tells; onlookers subscribe here.
    package let events: EventLog
    let state: Guarded<SessionRunnerState>
    /// What the connection that has the session hears.
    let listener = Guarded<Subscription?>(nil)
    /// Ends the wait for windows, by the number of the work.
    private let withdrawals = Withdrawals()
    private let engine: SpeechEngine
    let keeper: SessionKeeper?
    /// Open once the session was stored for the first time, or cannot be.
    private let firstRecord = Latch()
    private let onNote: @Sendable (ServerSession.Note) -> Void
    private let bell: AsyncStream<Void>
    let ringer: AsyncStream<Void>.Continuation
    /// What onlookers at other gateways are told; of those that wait, the newest.
    private let remote: AsyncStream<ServerMessage>
    private let feed: AsyncStream<ServerMessage>.Continuation

    /// - Parameters:
    ///   - holder: names the token that it was opened with.
    ///   - audio: converts the session's sound.
    ///   - keeper: stores the session; `nil` where it ends with this gateway.
    init(
        id: String, resumeToken: String, holder: String? = nil, session: ServerSession, audio: sending AudioInput,
        engine: SpeechEngine,
        keeper: SessionKeeper? = nil, onNote: @escaping @Sendable (ServerSession.Note) -> Void
    ) {
        self.id = id
        self.resumeToken = resumeToken
        self.holder = holder
        events = EventLog(finals: session.finals)
        state = Guarded(SessionRunnerState(session: session, audio: audio, outbox: Outbox(isKept: keeper != nil)))
        self.engine = engine
        self.keeper = keeper
        self.onNote = onNote
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (remote, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
        if keeper == nil { firstRecord.open() }
        ringer.yield()
    }

    /// Waits until other gateways can go on with the session, where they can at all: a client that is told of it before may
    /// come to one that does not know it yet.
    package func waitUntilStored() async { await firstRecord.wait() }

    /// Looks at the session as it is now, without a copy of its sound.
    package func read<Value: Sendable>(_ body: (ServerSession) -> Value) -> Value {
        state.withLock { body($0.session) }
    }

    /// How loud the newest sound is, to a tenth of a decibel; `nil` for digital silence.
    var level: Double? {
        let decibels = Double(state.withLock { $0.level.rmsDecibels })
        return decibels.isFinite ? (decibels * 10).rounded() / 10 : nil
    }

    /// Does what the session asks for, until it is over.
    package func run() async {
        await withDiscardingTaskGroup { group in
            if let keeper { group.addTask { await self.look(after: keeper) } }
            for await _ in bell {
                while let action = next() {
                    if let job = perform(action) { group.addTask { await job() } }
                }
                tell(state.withLock { $0.outbox.takeReady() })
                if let keeper, let record = takeRecord() { group.addTask { await self.store(record, with: keeper) } }
                let (alarm, isOver) = state.withLock { ($0.newAlarm(at: .now), $0.session.isOver) }
                if isOver { break }
                if let alarm {
                    group.addTask {
                        try? await Task.sleep(until: alarm, clock: .continuous)
                        self.ringer.yield()
                    }
                }
            }
            // Also when the server is cancelled.
            end(.serverStopped)
            firstRecord.open()
            group.cancelAll()
        }
        if let keeper, state.withLock({ !$0.isLost }) { await keeper.remove() }
        events.close()
    }

    // MARK: - Keeping it

    /// Keeps the session's record alive, and ends the session here when another gateway takes it over.
    private func look(after keeper: SessionKeeper) async {
        await withDiscardingTaskGroup { group in
            group.addTask { if case .lost? = await keeper.renew() { self.lose() } }
            group.addTask { if await keeper.waitForTakeover() { self.lose() } }
            group.addTask {
                for await message in self.remote { if let text = message.forOnlookers { await keeper.publish(text) } }
            }
        }
    }

    /// The session as it is to be stored, where that is due.
    private func takeRecord() -> SessionRecord? {
        state.withLock { state in
            guard state.outbox.wantsRecord || !state.isStored else { return nil }
            guard !state.isStoring else { return nil }
            (state.isStored, state.isStoring) = (true, true)
            state.outbox.beginRecord()
            return state.session.record(token: resumeToken)
        }
    }

    private func store(_ record: SessionRecord, with keeper: SessionKeeper) async {
        let outcome: SessionKeeper.Outcome
        let start = ContinuousClock.now
        do { outcome = await keeper.save(try record.bytes()) } catch {
            outcome = .failed(ContextStoreError(.badInput, "a session cannot be written down: \(error)", cause: error))
        }
        switch outcome {
        case .stored: onNote(.stored(seconds: (.now - start) / .seconds(1)))
        case .lost: return lose()
        case .failed(let error): onNote(.storeFailed(error))
        }
        firstRecord.open()
        tell(state.withLock { $0.outbox.takeCovered() })
        change { state in
            state.outbox.endRecord()
            state.isStoring = false
        }
    }

    /// Whether it goes on here: not when another gateway has taken it over, which may not have been heard here yet.
    func isOurs() async -> Bool {
        if read(\.isOver) { return false }
        guard let keeper, case .lost = await keeper.renewNow() else { return true }
        lose()
        return false
    }

    /// Another gateway has the session.
    private func lose() {
        change { state in
            state.isLost = true
            state.session.end(.takenOver)
        }
    }

    private func tell(_ messages: [ServerMessage]) {
        for message in messages {
            events.publish(message)
            if keeper != nil { feed.yield(message) }
        }
    }

    // MARK: - What it asks for

    private func next() -> ServerSession.Action? {
        state.withLock { state in
            state.session.advance(to: .now)
            return state.session.nextAction()
        }
    }

    /// - Returns: work that takes time.
    private func perform(_ action: ServerSession.Action) -> (@Sendable () async -> Void)? {
        switch action {
        case .publish(let message): state.withLock { $0.outbox.add(message) }
        case .note(let note): onNote(note)
        case .flushGap: change { $0.flush(.gap) }
        case .withdraw(let id): withdrawals.withdraw(id)
        case .detect(let request):
            return {
                let answer = await Result { () async throws(RecognitionError) in
                    try await self.engine.detector.detect(request)
                }
                self.change { $0.session.detected(answer, at: .now) }
            }
        case .recognize(let work):
            guard let ticket = withdrawals.begin(work.id) else { return nil }
            var request = work.request
            // The name of a stream is known to nobody but this session.
            request.place?.stream = "\(id)/\(work.utterance)"
            return { [request] in
                let start = ContinuousClock.now
                let answer = await ticket.result { () async throws(RecognitionError) in
                    try await self.engine.recognizer.recognize(request)
                }
                let turnaround = (.now - start) / .seconds(1)
                self.change { $0.session.recognized(answer, work, turnaround: turnaround, at: .now) }
            }
        }
        return nil
    }

    func change<Value>(_ body: (inout SessionRunnerState) throws -> Value) rethrows -> Value where Value: Sendable {
        defer { ringer.yield() }
        return try state.withLock { try body(&$0) }
    }
}
