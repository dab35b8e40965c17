import Gateway
import NIOCore
import Recognition
import SoriProtocol
import Streaming
import Testing

@Suite("A server's session")
struct ServerSessionTests {
    private let failed = RecognitionError(.engineFailed, "the engine failed")

    @Test("tells the last words, acknowledges all, and is over once they have arrived")
    func finish() throws {
        var session = try ManualSession()
        try session.hear(1.5)
        session.finish()
        #expect(session.finals == ["word"])
        #expect(session.told.suffix(2) == [.ack(.init(samples: 24_000)), .finished(.init(samples: 24_000))])
        #expect(!session.session.isOver)
        session.session.toldAll(1)
        #expect(session.session.isOver && session.session.deadline == nil)
    }

    @Test("a client whose connection breaks before the last words takes them up afterwards")
    func lostAtTheEnd() throws {
        var session = try ManualSession()
        try session.hear(1.5)
        session.answer = { _ in nil }
        session.finish()
        session.loseConnection()
        let work = try #require(session.asked.last)
        session.session.recognized(
            .success(ManualSession.word(for: work)), work, turnaround: 1, at: session.now)
        session.work()
        #expect(session.told.last == .finished(.init(samples: 24_000)))
        #expect(try session.reconnect() == 24_000)
        session.session.toldAll(1)
        #expect(!session.session.isOver, "an older connection has told nothing")
        session.session.toldAll(2)
        #expect(session.session.isOver)
    }

    @Test("takes the decoding of a pause back once somebody goes on, and does not ask for it again after a failure")
    func withdrawal() throws {
        for failure in [nil, RecognitionError.cancelled, failed] {
            var session = try ManualSession()
            session.answer = { $0.mustBeDone ? nil : .success(ManualSession.word(for: $0)) }
            try session.hear(1.5)
            try session.hear(0.4, isLoud: false)
            let guess = try #require(session.asked.first)
            #expect(guess.request.priority == .guess)
            if let failure {
                session.asked = []
                session.session.recognized(.failure(failure), guess, turnaround: 0.1, at: session.now)
                session.work()
            }
            try session.hear(1)
            session.wait(10)
            #expect(
                session.withdrawn == (failure?.code == .cancelled ? [] : [guess.id]),
                "\(String(describing: failure?.code))")
            #expect(session.asked.isEmpty)
            session.answer = { .success(ManualSession.word(for: $0)) }
            session.finish()
            #expect(session.finals == ["word"])
        }
    }

    @Test("waits for its client as long as the limit says, and not a moment longer")
    func expiry() throws {
        var limits = SessionLimits()
        limits.resume = 30
        var session = try ManualSession(.init(gap: 0), limits: limits)
        session.loseConnection()
        session.wait(29.9)
        #expect(try session.reconnect() == 0)
        session.wait(100)
        #expect(!session.session.isOver)
        session.loseConnection()
        session.wait(30)
        #expect(session.session.isOver)
        #expect(throws: RequestFailure.self) { try session.reconnect() }
    }

    @Test("a connection that another one has replaced is not heard, and does not end it")
    func replaced() throws {
        var session = try ManualSession()
        try session.hear(0.4)
        #expect(try session.reconnect() == 6400)
        let frame = try session.session.admit(ByteBuffer(repeating: 0, count: 640), from: 1, at: session.now)
        #expect(frame == .refused)
        session.session.detach(1, at: session.now)
        #expect(session.session.lostSince == nil)
    }

    @Test("is not resumed with sound in another format")
    func format() throws {
        var session = try ManualSession()
        let other = AudioFormat(encoding: .pcmF32LE, sampleRate: 48_000, channels: 1)
        #expect { try session.reconnect(.init(audio: other)) } throws: { error in
            (error as? RequestFailure)?.failure.code == .badStart
        }
        #expect(try session.reconnect(.init(audio: AudioFormat())) == 0)
    }

    @Test("refuses part of a sample, sound after the end, and more sound than is kept")
    func refusals() throws {
        var limits = SessionLimits()
        limits.unprocessed = 3
        var session = try ManualSession(.init(gap: 0), limits: limits)
        func code(_ body: () throws -> Void) -> ErrorCode? {
            do { try body() } catch { return (error as? RequestFailure)?.failure.code }
            return nil
        }
        #expect(
            code { _ = try session.session.admit(ByteBuffer(repeating: 0, count: 3), from: 1, at: session.now) }
                == .unsupportedAudio)
        session.answer = { _ in nil }
        #expect(code { try session.hear(10) } == .audioTooFast)
        var ended = try ManualSession()
        ended.finish()
        #expect(code { try ended.hear(0.1) } == .badMessage)
    }

    // MARK: - Failures

    @Test("a final that fails is tried again, later each time, and comes out when it works")
    func finalRetried() throws {
        var session = try ManualSession()
        var tries: [ServerSession.Instant] = []
        try session.hear(1.5)
        let times = TimesOfCalls()
        session.answer = { [failed] work in
            guard work.mustBeDone else { return .success(ManualSession.word(for: work)) }
            times.count += 1
            return times.count < 4 ? .failure(failed) : .success(ManualSession.word(for: work))
        }
        session.finish()
        while times.count < 4, let deadline = session.session.deadline {
            tries.append(deadline)
            session.wait((deadline - session.now) / .seconds(1))
        }
        #expect(session.finals == ["word"])
        let pauses = zip(tries.dropFirst(), tries).map { $0 - $1 }
        #expect(tries.count == 3 && pauses == [.milliseconds(400), .milliseconds(800)])
        #expect(session.notices == [.recognizerUnavailable, .recognizerAvailable])
        let first = session.notes.filter {
            if case .recognitionFailed(_, _, seconds: _, isFirst: true) = $0 { true } else { false }
        }
        #expect(first.count == 1, "a failure is logged once")
    }

    @Test("what can never work is not tried again")
    func badInput() throws {
        var session = try ManualSession()
        try session.hear(1.5)
        let times = TimesOfCalls()
        session.answer = { work in
            times.count += work.mustBeDone ? 1 : 0
            return .failure(RecognitionError(.badInput, "the language is not known"))
        }
        session.finish()
        #expect(times.count == 1)
        #expect(session.told.last == .finished(.init(samples: 24_000)))
        #expect(session.notices == [.recognizerUnavailable])
    }

    @Test("a final that never works is given up in the end, and the session goes on")
    func givenUp() throws {
        var session = try ManualSession()
        try session.hear(1.5)
        session.answer = { [failed] _ in .failure(failed) }
        session.finish()
        session.wait(60)
        #expect(session.told.last == .finished(.init(samples: 24_000)))
    }

    @Test("where nothing is recognised, a client that is too fast hears that, and not that it is too fast")
    func nothingRecognises() throws {
        var limits = SessionLimits()
        limits.unprocessed = 3
        var session = try ManualSession(.init(gap: 0), limits: limits)
        session.answer = { [failed] _ in .failure(failed) }
        #expect { try session.hear(10) } throws: { error in
            (error as? RequestFailure)?.failure.code == .noWorkerReady
        }
    }

    @Test("sound is taken for speech where the detector fails, which is noted once")
    func detectorFails() throws {
        var session = try ManualSession()
        session.detection = .failure(failed)
        try session.hear(3)
        session.finish()
        #expect(session.finals == ["word"])
        let first = session.notes.filter { if case .detectionFailed(_, isFirst: true) = $0 { true } else { false } }
        #expect(first.count == 1)
    }

    // MARK: - Shutdown

    @Test("when the server stops, those who speak are told once, get their last words, and go on unheard")
    func shutDown() throws {
        var session = try ManualSession()
        try session.hear(1.5)
        session.shutDown()
        try session.hear(1)
        session.shutDown()
        #expect(session.errors == [.shuttingDown] && session.finals == ["word"])
        #expect(session.told.last == .finished(.init(samples: 24_000)))
        #expect(session.session.isShuttingDown)
        session.session.toldAll(1)
        #expect(session.session.isOver)
    }

    @Test("when the server stops, those who are not connected hold nobody up")
    func shutDownLost() throws {
        var session = try ManualSession()
        try session.hear(1.5)
        session.loseConnection()
        session.shutDown()
        #expect(session.session.isOver)
        var other = try ManualSession()
        try other.hear(1.5)
        other.answer = { _ in nil }
        other.shutDown()
        #expect(!other.session.isOver)
        other.loseConnection()
        #expect(other.session.isOver)
        #expect(throws: RequestFailure.self) { try other.reconnect() }
    }

    // MARK: - Gaps

    @Test("a client that sends nothing is silent after the gap, unless an answer is awaited")
    func gap() throws {
        var session = try ManualSession(.init(gap: 2))
        session.answer = { _ in nil }
        try session.hear(1.5)
        session.wait(10)
        #expect(session.finals.isEmpty)
        session.answer = { .success(ManualSession.word(for: $0)) }
        for work in session.asked {
            session.session.recognized(.success(ManualSession.word(for: work)), work, turnaround: 1, at: session.now)
        }
        session.work()
        session.wait(1.9)
        #expect(session.finals.isEmpty)
        session.wait(0.2)
        #expect(session.finals == ["word"])
        #expect(session.told.last == .flushed(.init(samples: 24_000, reason: .gap)))
    }

    @Test("who is not connected is not silent; a gap counts from the return")
    func gapWhileLost() throws {
        var session = try ManualSession(.init(gap: 2))
        try session.hear(1.5)
        session.loseConnection()
        session.wait(60)
        #expect(session.finals.isEmpty)
        #expect(try session.reconnect() == 24_000)
        session.wait(1.9)
        #expect(session.finals.isEmpty)
        session.wait(0.2)
        #expect(session.told.last == .flushed(.init(samples: 24_000, reason: .gap)))
    }
}

/// Counts calls of a closure that has to be a value.
private final class TimesOfCalls {
    var count = 0
}
