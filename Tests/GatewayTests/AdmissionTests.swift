import Gateway
import Recognition
import SoriProtocol
import SoriTesting
import Streaming
import Testing

@Suite("Who is let in", .timeLimit(.minutes(1)))
struct AdmissionTests {
    private let readiness = Readiness()

    init() { readiness.worked() }

    private func refusal(_ registry: SessionRegistry) -> RequestFailure? {
        do {
            _ = try registry.open(.init())
            return nil
        } catch {
            return error as? RequestFailure
        }
    }

    @Test("as many as the machine was measured for, and not those who come after")
    func burst() async throws {
        try await withRegistry(readiness) { registry in
            registry.admission.calibrate(.init(window: 0.1, finalSecond: 0.06))
            let refusals = (0..<16).map { _ in refusal(registry) }
            #expect(refusals.prefix(7).allSatisfy { $0 == nil })
            #expect(refusals.dropFirst(7).allSatisfy { $0?.failure.code == .tooManySessions })
            #expect(refusals.last??.failure.retryAfter != nil)
        }
    }

    @Test("sessions without their clients give way, and are over then")
    func lost() async throws {
        var limits = SessionLimits()
        limits.longestHop = 1
        try await withRegistry(readiness, limits: limits) { registry in
            // Room for five.
            registry.admission.calibrate(.init(window: 0.25, finalSecond: 0.0001))
            let lost = try (0..<4).map { _ in
                let (session, attachment) = try registry.open(.init())
                session.detach(attachment)
                return session
            }
            for _ in 0..<5 { #expect(refusal(registry) == nil) }
            #expect(refusal(registry)?.failure.code == .tooManySessions)
            for (index, session) in lost.enumerated() {
                guard index < 2 else {
                    #expect(!session.read(\.isOver))
                    continue
                }
                // It is over once nothing more is told.
                for await _ in session.events.subscribe() {}
                #expect(session.read(\.isOver))
            }
        }
    }

    @Test("one who has come back does not give way")
    func resumed() async throws {
        try await withRegistry(readiness) { registry in
            registry.admission.calibrate(.init(window: 10, finalSecond: 1))
            let (session, attachment) = try registry.open(.init())
            _ = try registry.open(.init())
            session.detach(attachment)
            _ = try registry.open(.init(session: session.id, resumeToken: session.resumeToken))
            #expect(refusal(registry)?.failure.code == .tooManySessions)
            #expect(session.read(\.lostSince) == nil)
        }
    }

    @Test("work that is not wanted any longer leaves its lane")
    func withdrawal() async throws {
        let recognizer = StuckRecognizer()
        try await withRegistry(readiness, recognizer: recognizer) { registry in
            let (session, attachment) = try registry.open(.init(gap: 0))
            try await recognizer.whenAsked(for: .guess) {
                try ScriptedSession.send(1.5, to: session, attachment)
                try ScriptedSession.send(0.5, isLoud: false, to: session, attachment)
            }
            try ScriptedSession.send(1, to: session, attachment)
            await recognizer.whenCancelled()
        }
    }
}

/// A recogniser that never answers a final, until nobody wants it any longer.
private final class StuckRecognizer: SpeechRecognizer {
    private let (asked, asker) = AsyncStream.makeStream(of: RecognitionPriority.self)
    private let (cancelled, canceller) = AsyncStream.makeStream(of: Void.self)

    func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        asker.yield(request.priority)
        guard request.priority != .live else { return ScriptedRecognizer.word(for: request, language: "en") }
        try? await Task.sleep(for: .seconds(3600))
        canceller.yield()
        throw .cancelled
    }

    func whenAsked(for priority: RecognitionPriority, _ body: () throws -> Void) async throws {
        try body()
        for await asked in asked where asked == priority { return }
    }

    func whenCancelled() async { for await _ in cancelled { return } }

    func describe() async throws(RecognitionError) -> RecognizerDescription {
        try await ScriptedRecognizer().describe()
    }
}
