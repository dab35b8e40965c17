import CoreMetrics
import Gateway
import Logging
import NIOCore
import Recognition
import SoriProtocol
import SoriTesting
import Streaming
import WhisperText

/// Runs `body` with the sessions of a server, which have no sockets.
func withRegistry(
    _ readiness: Readiness, limits: SessionLimits = SessionLimits(), settings: CaptionSettings = CaptionSettings(),
    recognizer: any SpeechRecognizer = ScriptedRecognizer(),
    metrics: GatewayMetrics = GatewayMetrics(factory: NOOPMetricsHandler.instance),
    _ body: (SessionRegistry) async throws -> Void
) async throws {
    let engine = SpeechEngine(recognizer: recognizer, detector: LoudnessDetector(), tokenizer: .bytes, lanes: 2)
    let registry = SessionRegistry(
        engine: engine, settings: settings, limits: limits,
        metrics: metrics, readiness: readiness,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await registry.run() }
        defer { group.cancelAll() }
        try await body(registry)
    }
}

/// A session of a server, without a socket.
struct ScriptedSession {
    let registry: SessionRegistry
    let readiness: Readiness
    let recognizer: ScriptedRecognizer
    let session: SessionRunner
    private(set) var attachment: SessionRunner.Attachment
    private var messages: Subscription.Iterator

    /// Runs `body` with a session at 16 kHz that begins with `start`.
    static func with(
        _ start: ClientMessage.Start = .init(), limits: SessionLimits = SessionLimits(),
        settings: CaptionSettings = CaptionSettings(), recognizer: ScriptedRecognizer = ScriptedRecognizer(),
        _ body: (inout ScriptedSession) async throws -> Void
    ) async throws {
        let readiness = Readiness()
        readiness.worked()
        try await withRegistry(readiness, limits: limits, settings: settings, recognizer: recognizer) { registry in
            let (session, attachment) = try registry.open(start)
            var scripted = ScriptedSession(
                registry: registry, readiness: readiness, recognizer: recognizer, session: session,
                attachment: attachment, messages: attachment.messages.makeAsyncIterator())
            try await body(&scripted)
        }
    }

    /// The connection breaks, and comes back.
    mutating func reconnect(_ start: ClientMessage.Start = .init()) throws {
        session.detach(attachment)
        attachment = try session.attach(start)
        messages = attachment.messages.makeAsyncIterator()
    }

    /// Seconds of a loud voice, or of near silence.
    func send(_ seconds: Double, isLoud: Bool = true) throws {
        try Self.send(seconds, isLoud: isLoud, to: session, attachment)
    }

    /// Seconds of a loud voice, or of near silence.
    static func send(
        _ seconds: Double, isLoud: Bool = true, to session: SessionRunner, _ attachment: SessionRunner.Attachment
    ) throws {
        let level: Int16 = isLoud ? 6000 : 10
        for start in stride(from: 0, to: Int(seconds * 16_000), by: 640) {
            var frame = ByteBuffer()
            for index in start..<min(start + 640, Int(seconds * 16_000)) {
                // Louder and softer, as a voice is; an even tone would be a machine.
                let sample = index / 2560 % 2 == 0 ? level : level / 2
                frame.writeInteger(index % 2 == 0 ? sample : -sample, endianness: .little)
            }
            _ = try session.receive(frame, from: attachment)
        }
    }

    /// The next message of a kind; `nil` when the session has ended before.
    mutating func next(_ kind: ServerMessage.Kind) async -> ServerMessage? {
        while let message = await messages.next() { if message.kind == kind { return message } }
        return nil
    }

    /// All messages until one of a kind, that included.
    mutating func all(until kind: ServerMessage.Kind) async -> [ServerMessage] {
        var all: [ServerMessage] = []
        while let message = await messages.next() {
            all.append(message)
            if message.kind == kind { break }
        }
        return all
    }
}
