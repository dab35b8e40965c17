internal import HTTPTypes
internal import Locks
package import Logging
internal import NIOCore
package import Recognition
package import SoriProtocol
package import WebSockets

/// One WebSocket to a worker, on which many requests share the way. It is opened again whenever it is lost.
package final class WorkerLink: Sendable {
    /// What happens to the connection.
    package enum Change: Sendable {
        case opened(WorkerReply.Hello)
        /// It is lost, or could not be opened; one line says why.
        case lost(String)
    }

    private typealias Answer = Result<WorkerReply, RecognitionError>

    /// A connection that is open.
    private struct Open {
        var outbound: WebSocketOutbound
        var hello: WorkerReply.Hello
    }

    private struct State {
        var open: Open?
        var sent = SentSound()
        var lastID = 0
        var waiting: [Int: AsyncStream<Answer>.Continuation] = [:]
        var reason = "nobody has connected yet"
    }

    /// Where the worker is, with the path of its socket.
    package let url: String
    private let headers: HTTPFields
    private let trustedRoots: TrustedRoots
    private let logger: Logger
    private let onChange: @Sendable (Change) -> Void
    private let state = Guarded(State())

    /// - Parameters:
    ///   - url: `ws://host:port/v1/recognize` or `…/v1/detect`.
    ///   - token: sent as `Authorization: Bearer TOKEN`.
    ///   - trustedRoots: who vouches for the worker where its address begins with `wss`.
    ///   - onChange: told of every change, in their order.
    package init(
        url: String, token: String? = nil, trustedRoots: TrustedRoots = .system, logger: Logger,
        onChange: @escaping @Sendable (Change) -> Void = { _ in }
    ) {
        self.trustedRoots = trustedRoots
        self.url = url
        headers = token.map { [.authorization: "Bearer \($0)"] } ?? [:]
        self.logger = logger
        self.onChange = onChange
    }

    /// What the worker says of itself; `nil` while there is no connection.
    package var hello: WorkerReply.Hello? { state.withLock { $0.open?.hello } }

    /// Keeps the connection open until the task is cancelled: it is opened again after a growing, random pause.
    package func run() async {
        var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(5))
        while !Task.isCancelled {
            let reason: String
            do {
                try await connect()
                reason = "the worker closed the connection"
            } catch {
                reason = Task.isCancelled ? "it is not wanted any longer" : "\(error)"
            }
            if lose(reason) { backoff.reset() }
            do { try await Task.sleep(for: backoff.next()) } catch { break }
        }
    }

    private func connect() async throws {
        let configuration = WebSocketConfiguration(
            pingInterval: .seconds(5), replyTimeout: .seconds(5), connectTimeout: .seconds(3),
            trustedRoots: trustedRoots)
        try await WebSocketClient.connect(
            url: url, headers: headers, configuration: configuration, logger: logger
        ) { inbound, outbound in
            for try await message in inbound {
                guard case .text(let text) = message else {
                    throw RecognitionError(.engineFailed, "\(self.url) sends bytes, as no worker does")
                }
                let reply = try SoriProtocol.decode(WorkerReply.self, from: text)
                if case .hello(let hello) = reply {
                    try self.greet(hello, outbound)
                } else {
                    try self.take(reply)
                }
            }
        }
    }

    private func greet(_ hello: WorkerReply.Hello, _ outbound: WebSocketOutbound) throws {
        guard hello.version == SoriProtocol.version else {
            throw RecognitionError(
                .engineFailed,
                "\(url) speaks version \(hello.version) of the protocol, this gateway \(SoriProtocol.version); "
                    + "install the same version of Sori on both")
        }
        state.withLock { state in
            state.open = Open(outbound: outbound, hello: hello)
            state.sent = SentSound()
        }
        onChange(.opened(hello))
    }

    private func take(_ reply: WorkerReply) throws {
        guard let id = reply.id else {
            guard case .error(let failure) = reply else { return }
            throw RecognitionError(.engineFailed, "\(url): \(failure.message)")
        }
        // An answer that nobody waits for any longer was cancelled while it was on its way.
        state.withLock { $0.waiting.removeValue(forKey: id) }?.yield(.success(reply))
    }

    /// - Returns: whether there was a connection.
    private func lose(_ reason: String) -> Bool {
        let (waiting, wasOpen) = state.withLock { state in
            defer {
                state.waiting = [:]
                state.open = nil
                state.reason = reason
            }
            return (Array(state.waiting.values), state.open != nil)
        }
        let error = lost(reason)
        for caller in waiting { caller.yield(.failure(error)) }
        if wasOpen { logger.info("worker lost", metadata: ["worker": "\(url)", "reason": "\(reason)"]) }
        onChange(.lost(reason))
        return wasOpen
    }

    private func lost(_ reason: String) -> RecognitionError {
        RecognitionError(.connectionLost, "no connection to the worker \(url): \(reason)")
    }

    // MARK: - Requests

    /// Sends a request for text and waits for the answer. Sound that the worker has of the same stream is not sent again.
    ///
    /// - Throws: ``RecognitionError``: that of the worker, ``RecognitionError/Code/connectionLost`` when the connection ends
    ///   before the answer, ``RecognitionError/Code/cancelled``.
    package func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        for isWhole in [false, true] {
            let call = try begin(request)
            let newFrom = isWhole ? nil : call.newFrom
            let new = request.samples.dropFirst(newFrom.map { $0 - (request.place?.start ?? 0) } ?? 0)
            let (encoding, bytes) = SoundEncoding.encode(new)
            let head = WorkerRequest.Recognize(id: call.id, encoding: encoding, newFrom: newFrom, request: request)
            switch try await answer(to: call, .recognize(head), bytes) {
            case .recognized(let answer): return answer.result
            case .soundMissing: continue
            default: throw unexpected
            }
        }
        throw unexpected
    }

    /// Sends a question to a detector and waits for the answer.
    ///
    /// - Throws: ``RecognitionError``, as for a request for text.
    package func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        let call = try begin(nil)
        let (encoding, bytes) = SoundEncoding.encode(request.samples)
        let head = WorkerRequest.Detect(id: call.id, encoding: encoding, language: request.language)
        let reply = try await answer(to: call, .detect(head), bytes)
        guard case .detected(let answer) = reply else { throw unexpected }
        return answer.detection
    }

    private var unexpected: RecognitionError {
        RecognitionError(.engineFailed, "the worker \(url) answers with a message that is no answer")
    }

    /// A request that has a number.
    private struct Call {
        var id: Int
        var outbound: WebSocketOutbound
        var answers: AsyncStream<Answer>
        /// Position in the stream from which the worker needs sound; `nil` for all of it.
        var newFrom: Int?
    }

    private func begin(_ request: RecognitionRequest?) throws(RecognitionError) -> Call {
        guard !Task.isCancelled else { throw .cancelled }
        let (answers, caller) = AsyncStream.makeStream(of: Answer.self)
        let (call, reason) = state.withLock { state in
            guard let outbound = state.open?.outbound else { return (nil as Call?, state.reason) }
            state.lastID += 1
            state.waiting[state.lastID] = caller
            let newFrom = request.flatMap { state.sent.send($0) }
            return (Call(id: state.lastID, outbound: outbound, answers: answers, newFrom: newFrom), "")
        }
        guard let call else { throw lost(reason) }
        return call
    }

    private func answer(
        to call: Call, _ head: WorkerRequest, _ sound: [UInt8]
    ) async throws(RecognitionError) -> WorkerReply {
        defer { state.withLock { $0.waiting[call.id] = nil } }
        do {
            let text = try SoriProtocol.encode(head)
            try await call.outbound.write(together: [.text(text), .binary(ByteBuffer(bytes: sound))])
        } catch is CancellationError {
            // It was sent all the same, and is taken back below.
        } catch let error as EncodingError {
            throw RecognitionError(.badInput, "the request has numbers that are none", cause: error)
        } catch {
            throw lost("\(error)")
        }
        for await answer in call.answers {
            switch answer {
            case .success(.error(let failure)): throw failure.error
            case .success(let reply): return reply
            case .failure(let error): throw error
            }
        }
        // The task is cancelled; the message goes out all the same, and what the worker answers is not waited for.
        try? await call.outbound.write(SoriProtocol.encode(WorkerRequest.cancel(.init(id: call.id))))
        throw .cancelled
    }
}
