internal import AsyncAlgorithms
internal import Hummingbird
internal import NIOCore
internal import SoriProtocol

/// A session's events for onlookers, as Server-Sent Events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct EventStream<Messages: AsyncSequence<ServerMessage, Never> & Sendable>: Sendable {
    /// Comments this often keep proxies from cutting a stream that is silent.
    private static var heartbeat: Duration { .seconds(15) }

    private let messages: Messages
    private let metrics: GatewayMetrics
    private let onEnd: @Sendable () -> Void

    /// - Parameters:
    ///   - metrics: counts onlookers.
    ///   - onEnd: called when the onlooker is gone, or has everything.
    init(_ messages: Messages, _ metrics: GatewayMetrics, onEnd: @escaping @Sendable () -> Void) {
        self.messages = messages
        self.metrics = metrics
        self.onEnd = onEnd
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
        let events = AsyncChannel<ServerMessage?>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await message in messages { await events.send(message) }
                events.finish()
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.heartbeat)
                    await events.send(nil)
                }
            }
            defer { group.cancelAll() }
            for await message in events {
                guard let bytes = try Self.event(message) else { continue }
                try await writer.write(ByteBuffer(string: bytes))
            }
        }
    }

    /// A message as an event; `nil` for those that are for the speaker only.
    private static func event(_ message: ServerMessage?) throws -> String? {
        guard let message else { return ":\n\n" }
        guard let text = message.forOnlookers else { return nil }
        guard case .final(let final) = message else { return "data: \(text)\n\n" }
        return "id: \(final.utterance)\ndata: \(text)\n\n"
    }
}

extension ServerMessage {
    /// The message as onlookers get it; `nil` for those that are for the speaker only.
    var forOnlookers: String? {
        switch self {
        case .speech, .partial, .notice, .finished, .final: try? SoriProtocol.encode(self)
        case .ready, .ack, .flushed, .error: nil
        }
    }
}
