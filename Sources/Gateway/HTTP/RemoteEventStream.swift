internal import ContextStore
internal import Hummingbird
internal import NIOCore
internal import SoriProtocol

/// The events of a session at another gateway, for onlookers of this one, as Server-Sent Events.
struct RemoteEventStream: Sendable {
    private let events: StoreSubscription

    init(_ events: StoreSubscription) {
        self.events = events
    }

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { events.cancel() }
                // The head goes out now, not with the first event.
                try await writer.write(ByteBuffer(string: ":\n\n"))
                for await event in events {
                    try await writer.write(ByteBuffer(string: "data: \(String(decoding: event, as: UTF8.self))\n\n"))
                    if case .finished? = try? SoriProtocol.decode(
                        ServerMessage.self, from: String(decoding: event, as: UTF8.self))
                    {
                        break
                    }
                }
                try await writer.finish(nil)
            })
    }
}
