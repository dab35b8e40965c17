internal import AsyncAlgorithms
internal import Hummingbird
internal import NIOCore
internal import SoriProtocol

/// Events for onlookers, as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct EventStream: Sendable {
    /// Comments this often keep proxies from cutting a stream that is silent.
    private static let heartbeat = Duration.seconds(15)

    private let metrics: GatewayMetrics
    private let onEnd: @Sendable () -> Void
    private let run: @Sendable (_ tell: @escaping @Sendable (String) async -> Void) async -> Void

    /// - Parameters:
    ///   - metrics: counts onlookers.
    ///   - onEnd: called when the onlooker is gone, or has everything.
    ///   - run: tells all events, each as its text, and returns when no more come.
    init(
        _ metrics: GatewayMetrics, onEnd: @escaping @Sendable () -> Void,
        _ run: @escaping @Sendable (_ tell: @escaping @Sendable (String) async -> Void) async -> Void
    ) {
        self.metrics = metrics
        self.onEnd = onEnd
        self.run = run
    }

    /// What a session tells.
    init(
        _ messages: some AsyncSequence<ServerMessage, Never> & Sendable, _ metrics: GatewayMetrics,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.init(metrics, onEnd: onEnd) { tell in
            for await message in messages {
                let id = if case .final(let final) = message { final.utterance } else { 0 }
                if let event = message.event(id: "\(id)") { await tell(event) }
            }
        }
    }

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                let socket = SocketCount(.events, metrics, isOpen: true)
                defer {
                    onEnd()
                    socket.end(.left)
                }
                // The head goes out now, not with the first event.
                try await writer.write(ByteBuffer(string: ":\n\n"))
                try await write(to: &writer)
                socket.end(.finished)
                try await writer.finish(nil)
            })
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        // The channel has no buffer: messages for a slow onlooker wait in the subscription, which is bounded.
        let events = AsyncChannel<String>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await run { await events.send($0) }
                events.finish()
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.heartbeat)
                    await events.send(":\n\n")
                }
            }
            defer { group.cancelAll() }
            for await event in events { try await writer.write(ByteBuffer(string: event)) }
        }
    }
}

extension ServerMessage {
    /// The message as onlookers get it; `nil` for those that are for the speaker only.
    var forOnlookers: String? {
        switch self {
        case .speech, .partial, .notice, .finished, .final, .translation: try? SoriProtocol.encode(self)
        case .ready, .ack, .flushed, .error: nil
        }
    }

    /// The same as an event.
    ///
    /// - Parameter id: that of a final; other messages have none.
    func event(id: String) -> String? {
        guard let text = forOnlookers else { return nil }
        guard case .final = self else { return "data: \(text)\n\n" }
        return "id: \(id)\ndata: \(text)\n\n"
    }
}
