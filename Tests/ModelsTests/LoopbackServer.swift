import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A web server on the loopback interface. It serves data from memory, in ranges where asked, and fails on demand.
final class LoopbackServer: Sendable {
    /// What goes wrong with an answer.
    enum Fault: Sendable {
        /// The connection ends before the body.
        case noBody
        /// Nothing more comes after so many bytes of the body, until the server hangs up.
        case stall(after: Int)
        /// This status is answered.
        case status(Int)
        /// All of the file is sent, whatever range was asked for.
        case ignoredRange
        /// The body has the right size and other content.
        case otherContent
    }

    /// What a client asked for.
    struct Request: Sendable, Equatable {
        let path: String
        let range: String?
        let authorization: String?
    }

    private struct State {
        var files: [String: Data]
        var faults: [String: [Fault]] = [:]
        var requests: [Request] = []
        var stalled: [AsyncStream<Void>.Continuation] = []
    }

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let state: Mutex<State>
    /// `http://127.0.0.1:PORT`
    let address: String

    private init(files: [String: Data], address: String) {
        state = Mutex(State(files: files))
        self.address = address
    }

    /// Every request so far.
    var requests: [Request] { state.withLock { $0.requests } }

    /// Sets what goes wrong with the next answers for a path, one fault an answer.
    func fail(_ path: String, _ faults: Fault...) {
        state.withLock { $0.faults[path] = faults }
    }

    /// Ends every connection that is stalled.
    func hangUp() {
        state.withLock { state in
            state.stalled.forEach { $0.finish() }
            state.stalled = []
        }
    }

    /// Serves files, by their paths, while the body runs.
    static func serving(_ files: [String: Data], _ body: (LoopbackServer) async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let port = listener.channel.localAddress?.port ?? 0
        let server = LoopbackServer(files: files, address: "http://127.0.0.1:\(port)")
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.accept(listener) }
            try await body(server)
            group.cancelAll()
        }
    }

    private func accept(_ listener: NIOAsyncChannel<Connection, Never>) async throws {
        try await listener.executeThenClose { connections in
            await withDiscardingTaskGroup { group in
                do {
                    for try await connection in connections {
                        // A client that goes away in the middle is what some tests are about.
                        group.addTask { try? await self.serve(connection) }
                    }
                } catch {
                    group.cancelAll()
                }
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            for try await case .head(let head) in inbound {
                guard try await answer(head, to: outbound) else { return }
            }
        }
    }

    /// Answers a request; false if the connection is to end.
    private func answer(
        _ head: HTTPRequestHead, to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws -> Bool {
        let range = head.headers.first(name: "range")
        let request = Request(path: head.uri, range: range, authorization: head.headers.first(name: "authorization"))
        let (file, fault) = state.withLock { state in
            state.requests.append(request)
            let fault = state.faults[head.uri]?.isEmpty == false ? state.faults[head.uri]?.removeFirst() : nil
            return (state.files[head.uri], fault)
        }
        var status = file == nil ? HTTPResponseStatus.notFound : .ok
        var body = file ?? Data()
        var headers = HTTPHeaders()
        var sent = Int.max
        switch fault {
        case .status(let code): (status, body) = (HTTPResponseStatus(statusCode: code), Data())
        case .otherContent: body = Data(body.map { ~$0 })
        case .noBody: sent = 0
        case .stall(let after): sent = after
        case .ignoredRange, nil: break
        }
        if case .ignoredRange = fault {
        } else if status == .ok, let range, let start = Int(range.dropFirst("bytes=".count).dropLast()) {
            status = .partialContent
            headers.add(name: "content-range", value: "bytes \(start)-\(body.count - 1)/\(body.count)")
            body = body.dropFirst(start)
        }
        headers.add(name: "content-length", value: String(body.count))
        headers.add(name: "content-type", value: head.uri.hasSuffix("/") ? "text/html" : "application/octet-stream")
        let hungUp = AsyncStream<Void>.makeStream()
        if case .stall = fault {
            state.withLock { $0.stalled.append(hungUp.continuation) }
        } else {
            hungUp.continuation.finish()
        }
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body.prefix(sent)))))
        guard sent >= body.count else {
            for await _ in hungUp.stream {}
            return false
        }
        try await outbound.write(.end(nil))
        return true
    }
}
