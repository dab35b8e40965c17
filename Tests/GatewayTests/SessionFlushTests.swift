import Gateway
import SoriProtocol
import Testing

@Suite("A session that is asked for its last words", .timeLimit(.minutes(1)))
struct SessionFlushTests {
    private let never = ClientMessage.Start(gap: 0)

    @Test("what was said becomes final, is acknowledged and confirmed, and the session goes on")
    func asked() async throws {
        try await ScriptedSession.with(never) { session in
            try session.send(1.5)
            session.session.flush()
            let first = await session.all(until: .flushed)
            #expect(first.suffix(1) == [.flushed(.init(samples: 24_000, reason: .asked))])
            #expect(first.contains(.ack(.init(samples: 24_000))))
            #expect(first.count { $0.kind == .final } == 1)
            try session.send(1.5)
            session.session.finish()
            let rest = await session.all(until: .finished)
            #expect(rest.count { $0.kind == .final } == 1)
            #expect(rest.last == .finished(.init(samples: 48_000)))
        }
    }

    @Test("a client that sends nothing is taken to be silent, without a sample put in")
    func gap() async throws {
        try await ScriptedSession.with(.init(gap: 0.05)) { session in
            try session.send(1.5)
            let told = await session.all(until: .flushed)
            #expect(told.last == .flushed(.init(samples: 24_000, reason: .gap)))
            #expect(told.contains { $0.kind == .final })
            // Nothing is open any more: the next end is that of the next words.
            try session.send(1)
            #expect(await session.next(.flushed) == .flushed(.init(samples: 40_000, reason: .gap)))
            session.session.finish()
            #expect(await session.next(.finished) == .finished(.init(samples: 40_000)))
        }
    }

    @Test("the same flushes give the same finals as a gap did")
    func replay() async throws {
        var finals: [[ServerMessage]] = []
        for start in [ClientMessage.Start(gap: 0.05), never] {
            try await ScriptedSession.with(start) { session in
                try session.send(1.5)
                if start.gap == 0 { session.session.flush() }
                var told = await session.all(until: .flushed)
                try session.send(1.2)
                try session.send(1, isLoud: false)
                session.session.finish()
                told += await session.all(until: .finished)
                finals.append(told.filter { $0.kind == .final })
            }
        }
        #expect(finals[0].count == 2 && finals[0] == finals[1])
    }

    @Test("a bound of seconds is refused where it cannot be, and 0 is never", arguments: [-1, 60.1, 1e9])
    func bounds(gap: Double) async throws {
        await #expect(throws: RequestFailure.self) { try await ScriptedSession.with(.init(gap: gap)) { _ in } }
    }

    @Test("whoever is owed text need not say anything")
    func owed() throws {
        var session = try ManualSession()
        #expect(session.session.owesNothingSince != nil)
        try session.hear(1.5)
        // The recogniser takes its time.
        session.answer = { _ in nil }
        session.session.flush(.asked, rest: [], at: session.now)
        session.work()
        #expect(session.session.owesNothingSince == nil && !session.told.contains { $0.kind == .flushed })
        session.answer = { .success(ManualSession.word(for: $0)) }
        for work in session.asked {
            session.session.recognized(.success(ManualSession.word(for: work)), work, turnaround: 1, at: session.now)
        }
        session.work()
        #expect(session.session.owesNothingSince != nil && session.told.contains { $0.kind == .flushed })
        session.session.finish(rest: [], at: session.now)
        #expect(session.session.owesNothingSince == nil)
    }
}
