internal import Locks
internal import NIOCore
package import Recognition
internal import ServiceLifecycle
internal import SoriProtocol
package import WebSockets

/// One gateway's WebSocket: its requests are worked on side by side, and answered in the order in which they are done.
package struct WorkerConnection: Sendable {
    /// Requests of one connection that may wait for their answers. A session has three at most.
    static let mostRequests = 1024

    private let service: WorkerService
    private let readiness: Readiness?
    private let metrics: WorkerMetrics?
    private let requests = Withdrawals()
    /// Names of streams are the caller's own: another caller may use the same for other sound.
    private let streams = UInt64.random(in: .min ... .max)
    /// Whether the worker stops, so that no more is taken.
    private let drain = Drain()

    /// - Parameters:
    ///   - readiness: told of every answer; `nil` where somebody else tells it.
    ///   - metrics: counts requests.
    package init(service: WorkerService, readiness: Readiness?, metrics: WorkerMetrics?) {
        self.service = service
        self.readiness = readiness
        self.metrics = metrics
    }

    /// Serves until the peer goes, or until the worker stops and has answered everything.
    package func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws {
        metrics?.connected()
        defer { metrics?.disconnected() }
        let hello: WorkerReply.Hello
        do throws(RecognitionError) {
            hello = try await service.hello(requests: Self.mostRequests)
        } catch {
            try await outbound.write(.error(.init(id: nil, code: .init(error.code), message: error.message)))
            return outbound.close(.tryAgainLater, reason: error.message)
        }
        try await outbound.write(.hello(hello))
        try await withGracefulShutdownHandler {
            try await read(inbound, outbound)
        } onGracefulShutdown: {
            if drain.begin() { Self.leave(outbound) }
        }
    }

    /// What a peer that breaks the rules of WebSockets is told before the connection ends.
    ///
    /// - Parameter limit: bytes of the largest message that is taken.
    package static func lastWords(limit: Int) -> WebSocketConnection.LastWords {
        { fault in
            let failure: WorkerReply.Failure =
                fault.code == .messageTooLarge
                ? .init(id: nil, code: .messageTooLarge, message: "a message is over \(limit) bytes; send less at once")
                : .init(id: nil, code: .badMessage, message: fault.message)
            return try? SoriProtocol.encode(WorkerReply.error(failure))
        }
    }

    private func read(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws {
        var reader = RequestReader(service.reads)
        try await withThrowingDiscardingTaskGroup { group in
            // What a peer that has gone was waiting for is of no use any longer.
            defer { group.cancelAll() }
            for try await message in inbound {
                let event: RequestReader.Event?
                do throws(MessageError) {
                    event = try reader.read(message)
                } catch {
                    try await outbound.write(.error(.init(id: nil, code: .badMessage, message: error.message)))
                    return outbound.close(.invalidData, reason: error.message)
                }
                switch event {
                case .recognize(let id, let request):
                    try await begin(id, outbound) { ticket in
                        group.addTask { await recognize(request, id, ticket, outbound) }
                    }
                case .detect(let id, let request):
                    try await begin(id, outbound) { ticket in
                        group.addTask { await detect(request, id, ticket, outbound) }
                    }
                case .cancel(let id): requests.withdraw(id)
                case .reply(let reply):
                    if case .soundMissing = reply { metrics?.soundMissing() }
                    try await outbound.write(reply)
                case nil: break
                }
            }
        }
    }

    /// Lets a request in, or says why not.
    private func begin(_ id: Int, _ outbound: WebSocketOutbound, _ body: (Withdrawals.Ticket) -> Void) async throws {
        let refusal: WorkerReply.Failure
        guard drain.enter() else {
            return try await outbound.write(.error(.init(id: id, .shutDown)))
        }
        if requests.count >= Self.mostRequests {
            refusal = .init(
                id: id, code: .overloaded,
                message: "\(Self.mostRequests) requests of this connection wait; send no more until some are answered",
                retryAfter: 1)
        } else if let ticket = requests.begin(id) {
            return body(ticket)
        } else {
            refusal = .init(
                id: id, code: .badInput, message: "request \(id) is not answered yet; give each a number of its own")
        }
        try await outbound.write(.error(refusal))
        if drain.leave() { Self.leave(outbound) }
    }

    private func recognize(
        _ request: RecognitionRequest, _ id: Int, _ ticket: Withdrawals.Ticket, _ outbound: WebSocketOutbound
    ) async {
        guard case .recognition(let recognizer) = service else { return }
        var request = request
        if let stream = request.place?.stream { request.place?.stream = "\(streams)/\(stream)" }
        let named = request
        await answer(id, kind: request.priority.rawValue, outbound) {
            await ticket.result { () async throws(RecognitionError) in
                let result = try await recognizer.recognize(named)
                if let times = result.times { metrics?.take(times) }
                return result
            }.map { .recognized(.init(id: id, result: $0)) }
        }
    }

    private func detect(
        _ request: DetectionRequest, _ id: Int, _ ticket: Withdrawals.Ticket, _ outbound: WebSocketOutbound
    ) async {
        guard case .detection(let detector) = service else { return }
        await answer(id, kind: "detection", outbound) {
            await ticket.result { () async throws(RecognitionError) in try await detector.detect(request) }
                .map { .detected(.init(id: id, detection: $0)) }
        }
    }

    private func answer(
        _ id: Int, kind: String, _ outbound: WebSocketOutbound,
        _ body: () async -> Result<WorkerReply, RecognitionError>
    ) async {
        let start = ContinuousClock.now
        let answer = await body()
        let reply: WorkerReply
        switch answer {
        case .success(let success):
            readiness?.worked()
            reply = success
        case .failure(let error):
            readiness?.failed(error)
            reply = .error(.init(id: id, error))
        }
        metrics?.answered(kind, answer, seconds: (.now - start) / .seconds(1))
        // A peer that has gone needs no answer; the reader notices it.
        try? await outbound.write(text(of: reply, id))
        if drain.leave() { Self.leave(outbound) }
    }

    /// Every request gets an answer, also where a result has numbers that JSON has not.
    private func text(of reply: WorkerReply, _ id: Int) throws -> String {
        do { return try SoriProtocol.encode(reply) } catch {
            let message = "the result has numbers that are none; send the request again"
            return try SoriProtocol.encode(WorkerReply.error(.init(id: id, code: .engineFailed, message: message)))
        }
    }

    private static func leave(_ outbound: WebSocketOutbound) {
        outbound.close(.goingAway, reason: "the worker stops")
    }
}

/// Requests without an answer, and whether more are taken.
private final class Drain: Sendable {
    private let state = Guarded((isBegun: false, open: 0))

    /// Takes no more.
    ///
    /// - Returns: whether all have their answers.
    func begin() -> Bool {
        state.withLock { state in
            state.isBegun = true
            return state.open == 0
        }
    }

    /// A request comes.
    ///
    /// - Returns: whether it is taken.
    func enter() -> Bool {
        state.withLock { state in
            if !state.isBegun { state.open += 1 }
            return !state.isBegun
        }
    }

    /// A request has its answer.
    ///
    /// - Returns: whether it was the last that is taken.
    func leave() -> Bool {
        state.withLock { state in
            state.open -= 1
            return state.isBegun && state.open == 0
        }
    }
}

extension RequestReader {
    fileprivate mutating func read(_ message: WebSocketMessage) throws(MessageError) -> Event? {
        switch message {
        case .text(let text): try self.text(text)
        case .binary(let bytes): try binary(Array(bytes.readableBytesView))
        }
    }
}

extension WebSocketOutbound {
    fileprivate func write(_ reply: WorkerReply) async throws { try await write(SoriProtocol.encode(reply)) }
}
