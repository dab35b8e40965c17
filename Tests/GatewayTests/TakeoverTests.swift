import ContextStore
import CoreMetrics
import Gateway
import Locks
import Logging
import Recognition
import SoriProtocol
import SoriTesting
import Streaming
import Testing

/// Two gateways that share a store, without sockets.
@Suite("Going on at another gateway", .timeLimit(.minutes(1)))
struct TakeoverTests {
    private let shared = MemoryContextStore(timeToLive: 60)

    /// Runs `body` with two gateways.
    private func withGateways(
        _ first: any ContextStore, _ second: any ContextStore,
        _ body: (SessionRegistry, SessionRegistry) async throws -> Void
    ) async throws {
        let gateways = [first, second].enumerated().map { index, store in
            let readiness = Readiness()
            readiness.worked()
            let resilient = ResilientContextStore(store, memory: MemoryContextStore(timeToLive: 60))
            return SessionRegistry(
                engine: SpeechEngine(
                    recognizer: ScriptedRecognizer(), detector: LoudnessDetector(), tokenizer: .bytes, lanes: 2),
                settings: CaptionSettings(), limits: SessionLimits(),
                metrics: GatewayMetrics(factory: NOOPMetricsHandler.instance), readiness: readiness,
                keeping: SessionKeeping(store: resilient, owner: "gateway \(index)", timeToLive: 60),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for gateway in gateways { group.addTask { await gateway.run() } }
            defer { group.cancelAll() }
            try await body(gateways[0], gateways[1])
        }
    }

    /// What a client with this session sends at first.
    private func resume(_ session: SessionRunner, token: String? = nil, lastFinal: Int? = nil) -> ClientMessage.Start {
        .init(session: session.id, resumeToken: token ?? session.resumeToken, lastFinal: lastFinal)
    }

    /// Sends two utterances, and waits until the sound of the first need not be kept.
    private func speak(_ session: SessionRunner, _ attachment: SessionRunner.Attachment) async throws -> [ServerMessage]
    {
        for _ in 0..<2 {
            try ScriptedSession.send(2, to: session, attachment)
            try ScriptedSession.send(1.5, isLoud: false, to: session, attachment)
        }
        var told: [ServerMessage] = []
        for await message in attachment.messages {
            told.append(message)
            if case .ack(let ack) = message, ack.samples > 40_000 { break }
        }
        return told
    }

    @Test("a session that was acknowledged is there, with its finals and its place")
    func takeover() async throws {
        try await withGateways(shared, shared) { first, second in
            let (session, attachment) = try first.open(.init(language: "ko", hotwords: ["소리"], gap: 0))
            let told = try await speak(session, attachment)
            let finals = told.compactMap { if case .final(let final) = $0 { final } else { nil } }
            #expect(!finals.isEmpty)
            let start = resume(session)
            try await second.takeOver(start)
            let (again, other) = try second.open(start)
            #expect(again.id == session.id && again.language == "ko")
            #expect(other.resumeAt > 40_000 || other.resumeAt == told.acknowledged)
            var kept: [Int] = []
            for await message in other.messages {
                guard case .final(let final) = message else { continue }
                kept.append(final.utterance)
                if kept.count == finals.count { break }
            }
            #expect(kept == finals.map(\.utterance))
            // Who had it before has it no longer.
            for await _ in attachment.messages {}
            #expect(session.isOver)
        }
    }

    @Test("finals that the client has are not told again, though they are decoded again")
    func noneTwice() async throws {
        try await withGateways(shared, shared) { first, second in
            let (session, attachment) = try first.open(.init(gap: 0))
            var stored: StoredSession?
            // As it was before anything was said.
            while stored == nil { stored = try await shared.read(session.id) }
            let told = try await speak(session, attachment)
            let start = resume(session, lastFinal: 0)
            // The first gateway stores nothing more.
            let taken = try #require(await shared.takeOver(session.id, owner: "somebody else"))
            for await _ in attachment.messages {}
            try await shared.restore(
                StoredSession(
                    session: session.id, fence: taken.fence, owner: taken.owner, record: #require(stored).record))
            try await second.takeOver(start)
            let (again, other) = try second.open(start)
            #expect(other.resumeAt == 0)
            try ScriptedSession.send(2, to: again, other)
            try ScriptedSession.send(1.5, isLoud: false, to: again, other)
            again.finish()
            for await message in other.messages {
                if case .final(let final) = message { #expect(final.utterance > 0) }
                if case .partial(let partial) = message { #expect(partial.utterance > 0) }
                if case .finished = message { break }
            }
            #expect(told.contains { if case .final(let final) = $0 { final.utterance == 0 } else { false } })
        }
    }

    @Test("without the token, nothing is given away and nothing taken")
    func token() async throws {
        try await withGateways(shared, shared) { first, second in
            let (session, attachment) = try first.open(.init(gap: 0))
            _ = try await speak(session, attachment)
            let start = resume(session, token: "wrong")
            try await second.takeOver(start)
            #expect(throws: RequestFailure.self) { try second.open(start) }
            #expect(!session.isOver)
            #expect(try await shared.read(session.id)?.owner == "gateway 0")
        }
    }

    @Test("one that is over is nowhere")
    func over() async throws {
        try await withGateways(shared, shared) { first, second in
            let (session, attachment) = try first.open(.init(gap: 0))
            _ = try await speak(session, attachment)
            session.finish()
            for await message in attachment.messages { if case .finished = message { break } }
            session.toldAll(attachment)
            // The runner removes what is stored, then lets everybody go.
            for await _ in attachment.messages {}
            #expect(try await shared.read(session.id) == nil)
            let start = resume(session)
            try await second.takeOver(start)
            #expect(throws: RequestFailure.self) { try second.open(start) }
        }
    }

    @Test("translations go on at another gateway, those from before included")
    func translations() async throws {
        try await withGateways(shared, shared) { first, second in
            let (session, attachment) = try first.open(.init(language: "ko", translate: true, gap: 0))
            _ = try await speak(session, attachment)
            let start = resume(session)
            try await second.takeOver(start)
            let (again, other) = try second.open(start)
            // The sound that was not acknowledged.
            try ScriptedSession.send(7 - Double(other.resumeAt) / 16_000, isLoud: false, to: again, other)
            again.finish()
            var translated: [Int] = []
            var finals: [Int] = []
            for await message in other.messages {
                if case .final(let final) = message { finals.append(final.utterance) }
                if case .translation(let translation) = message { translated.append(translation.utterance) }
                if case .finished = message { break }
            }
            #expect(finals.contains(0) && finals == translated)
            session.end(.gaveWay)
        }
    }

    @Test("a session that a client has been told of is there at once, before anything was said")
    func atOnce() async throws {
        try await withGateways(shared, shared) { first, second in
            for _ in 0..<50 {
                let (session, _) = try first.open(.init())
                await session.waitUntilStored()
                let start = resume(session)
                try await second.takeOver(start)
                let (again, _) = try second.open(start)
                again.end(.gaveWay)
                session.end(.gaveWay)
            }
        }
    }

    @Test("whoever waits for a session to be stored does not wait for one that is over, nor longer than wanted")
    func noRecord() async throws {
        let broken = BrokenStore(shared)
        broken.set(isBroken: true)
        try await withGateways(broken, broken) { first, _ in
            let (session, _) = try first.open(.init())
            await session.waitUntilStored()
            session.end(.gaveWay)
            await session.waitUntilStored()
        }
        let latch = Latch()
        let waiting = Task { await latch.wait() }
        waiting.cancel()
        await waiting.value
        latch.open()
        await latch.wait()
    }

    @Test("onlookers at another gateway get the finals that were told, each once, and what comes")
    func onlookers() async throws {
        try await withGateways(shared, shared) { first, second in
            let (session, attachment) = try first.open(.init(gap: 0))
            let told = try await speak(session, attachment)
            var stored = try await shared.read(session.id)
            while try stored.map({ try SessionRecord(bytes: $0.record).finals.finals.isEmpty }) ?? true {
                stored = try await shared.read(session.id)
            }
            let events = try #require(await second.eventsElsewhere(of: session.id, after: nil))
            session.finish()
            var heard: [Int] = []
            var isFinished = false
            for await message in events {
                if case .final(let final) = message { heard.append(final.utterance) }
                if case .finished = message { isFinished = true }
            }
            #expect(isFinished && !told.isEmpty)
            #expect(heard == [0, 1])
            #expect(await second.eventsElsewhere(of: "nobody", after: nil) == nil)
        }
    }

    @Test("while the store is gone a session goes on and says so, and another gateway asks to try again")
    func outage() async throws {
        let broken = BrokenStore(shared)
        try await withGateways(broken, broken) { first, second in
            let (session, attachment) = try first.open(.init(gap: 0))
            broken.set(isBroken: true)
            try ScriptedSession.send(2, to: session, attachment)
            try ScriptedSession.send(1.5, isLoud: false, to: session, attachment)
            try await attachment.messages.wait(for: .storeUnavailable)
            await #expect(throws: RequestFailure.self) { try await second.takeOver(self.resume(session)) }
            broken.set(isBroken: false)
            try await attachment.messages.wait(for: .storeAvailable)
            let stored = try await shared.read(session.id)
            #expect(stored?.owner == "gateway 0")
        }
    }
}

extension SessionRunner {
    fileprivate var language: String? { read(\.language) }
    fileprivate var isOver: Bool { read(\.isOver) }
}

extension Subscription {
    /// Waits for a notice.
    fileprivate func wait(for code: NoticeCode) async throws {
        for await message in self { if case .notice(let notice) = message, notice.code == code { return } }
        throw CancellationError()
    }
}

extension [ServerMessage] {
    /// The last sample that was acknowledged.
    fileprivate var acknowledged: Int? {
        compactMap { if case .ack(let ack) = $0 { ack.samples } else { nil } }.last
    }
}
