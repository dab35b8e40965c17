internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import SoriProtocol

/// Changes for administrators, as Server-Sent Events: `workers`, `sessions`, `captions`, `obs` and `changes`, each whole, when it is another
/// than before.
struct AdminEvents: Sendable {
    /// How often it is looked.
    private static let interval = Duration.milliseconds(500)
    /// Comments this often keep proxies from cutting a stream that is silent: every so many looks.
    private static let heartbeat = 30

    let registry: SessionRegistry
    let changes: ChangeLog
    let obs: OBSRelay
    let workers: @Sendable () -> AdminWorkers

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                let socket = SocketCount(.adminEvents, registry.metrics, isOpen: true)
                defer { socket.end(Task.isShuttingDownGracefully ? .serverStopped : .left) }
                var told: [String: String] = [:]
                var looks = 0
                while !Task.isShuttingDownGracefully {
                    for (name, text) in try await state where told[name] != text.key {
                        told[name] = text.key
                        try await writer.write(ByteBuffer(string: "event: \(name)\ndata: \(text.data)\n\n"))
                    }
                    if looks % Self.heartbeat == 0 { try await writer.write(ByteBuffer(string: ":\n\n")) }
                    looks += 1
                    try await Task.sleep(for: Self.interval)
                }
                try await writer.finish(nil)
            })
    }

    /// What is told, and what has to differ for it to be told again: times alone do not.
    private var state: [(name: String, text: (key: String, data: String))] {
        get async throws {
            var state: [(name: String, text: (key: String, data: String))] = []
            let workers = workers()
            var timeless = workers
            for index in timeless.workers.indices {
                timeless.workers[index].history = []
                (timeless.workers[index].expectedWait, timeless.workers[index].averageWork) = (0, 0)
            }
            state.append(("workers", (try AdminAnswer.encoded(timeless), try AdminAnswer.encoded(workers))))
            for (name, text) in [
                ("sessions", try AdminAnswer.encoded(AdminSessions(sessions: registry.adminSessions))),
                ("captions", try AdminAnswer.encoded(registry.adminCaptions)),
                ("obs", try AdminAnswer.encoded(obs.told)),
                ("changes", try AdminAnswer.encoded(changes.all)),
            ] {
                state.append((name, (text, text)))
            }
            return state
        }
    }
}
