internal import AccessTokens
internal import Logging
internal import NIOCore
internal import Recognition
internal import ServiceLifecycle
internal import SoriProtocol
internal import WebSockets

/// One client's WebSocket at `/v1/listen`: frames go to its session, messages come back.
struct ListenConnection: Sendable {
    let registry: SessionRegistry
    let readiness: Readiness
    let access: Access
    let logger: Logger

    /// So often it is looked whether a token was revoked.
    private static let revocationCheck = Duration.seconds(5)

    /// - Parameter grant: what the client may do.
    /// - Throws: ``RequestFailure``, which the client is still to be told.
    func run(
        _ inbound: WebSocketInbound, _ outbound: WebSocketOutbound, _ grant: Grant, _ socket: SocketCount
    ) async throws {
        guard let start = try await firstMessage(inbound) else { return }
        try readiness.check()
        try await registry.takeOver(start, grant)
        let (session, attachment) = try registry.open(start, grant)
        logger.info("connection opened", metadata: ["session": "\(session.id)"])
        defer {
            session.detach(attachment)
            logger.info("connection closed", metadata: ["session": "\(session.id)"])
        }
        await session.waitUntilStored()
        let (policy, language) = session.read { ($0.policy, $0.language) }
        try await outbound.write(
            .ready(
                .init(
                    session: session.id, name: SessionName(ofSession: session.id)?.text,
                    resumeToken: session.resumeToken, resumeAt: attachment.resumeAt, policy: policy,
                    language: language)))
        socket.begin()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(session, attachment, inbound, outbound) }
            if grant.holder != nil { group.addTask { try await waitForRevocation(of: grant) } }
            defer { group.cancelAll() }
            try await group.next()
        }
        if session.read(\.isShuttingDown) { socket.end(.serverStopped) }
        if session.read(\.ended) == .finished { socket.end(.finished) }
    }

    private func waitForRevocation(of grant: Grant) async throws {
        while !access.isRevoked(grant) { try await Task.sleep(for: Self.revocationCheck) }
        throw RequestFailure(.unauthorized, "the token was revoked; ask for another one")
    }

    private func firstMessage(_ inbound: WebSocketInbound) async throws -> ClientMessage.Start? {
        let start = ContinuousClock.now
        let message = try await inbound.next(
            within: registry.limits.firstMessage, since: { start }, endsOnShutdown: true
        ) {
            RequestFailure(.idleTimeout, "no start message came; send {\"type\":\"start\",\"version\":1} first")
        }
        guard let message else { return nil }
        guard case .text(let text) = message else {
            throw RequestFailure(.badStart, "sound came before start; send a start message first and wait for ready")
        }
        do {
            guard case .start(let start) = try SoriProtocol.decode(ClientMessage.self, from: text) else {
                throw RequestFailure(.badStart, "the first message must have type start")
            }
            return start
        } catch let error as MessageError {
            throw RequestFailure(error.code == .unsupportedAudio ? .unsupportedAudio : .badStart, error.message)
        }
    }

    private func serve(
        _ session: SessionRunner, _ attachment: SessionRunner.Attachment, _ inbound: WebSocketInbound,
        _ outbound: WebSocketOutbound
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await message in attachment.messages {
                    try await outbound.write(message)
                    guard case .finished = message else { continue }
                    let code: WebSocketCloseCode = session.read(\.isShuttingDown) ? .goingAway : .normal
                    session.toldAll(attachment)
                    return outbound.close(code)
                }
                // The subscription has ended, so the reader is ended too; if the reader ended first, its own error is thrown.
                guard !Task.isCancelled else { return }
                guard !session.read(\.isShuttingDown) else {
                    return outbound.close(.goingAway, reason: "the server stops; resume the session at another one")
                }
                outbound.close(.policyViolation, reason: "another connection has the session, or nothing was read")
            }
            group.addTask { try await self.read(inbound, outbound, session, attachment) }
            defer { group.cancelAll() }
            try await group.next()
            // A peer that is gone reads no more messages; one that has got `finished` sends nothing more.
            attachment.messages.end()
            try await group.next()
        }
    }

    private func read(
        _ inbound: WebSocketInbound, _ outbound: WebSocketOutbound, _ session: SessionRunner,
        _ attachment: SessionRunner.Attachment
    ) async throws {
        while true {
            let message = try await inbound.next(
                within: registry.limits.idle, since: { session.read(\.owesNothingSince) }
            ) {
                RequestFailure(
                    .idleTimeout, "nothing came for \(Int(registry.limits.idle)) s; resume the session to go on")
            }
            guard let message else { return }
            do {
                switch message {
                case .binary(let frame):
                    guard try session.receive(frame, from: attachment) else { return }
                case .text(let text):
                    try take(text, session)
                }
            } catch let refusal as RequestFailure where !refusal.failure.fatal {
                try await outbound.write(.error(refusal.failure))
            }
        }
    }

    private func take(_ text: String, _ session: SessionRunner) throws {
        do {
            switch try SoriProtocol.decode(ClientMessage.self, from: text) {
            case .configure(let configuration): try session.configure(configuration)
            case .flush: session.flush()
            case .finish: session.finish()
            case .start:
                throw RequestFailure(.badMessage, "the session is open already; use configure", isFatal: false)
            }
        } catch let error as MessageError {
            throw RequestFailure(.badMessage, error.message, isFatal: false)
        }
    }
}

extension WebSocketInbound {
    /// The next message; `nil` when the peer said goodbye.
    ///
    /// - Parameters:
    ///   - idle: since when it is the peer's turn to say something; `nil` while it is not.
    ///   - endsOnShutdown: whether the server does not wait for it when it stops.
    /// - Throws: what `failure` makes when nothing came in time.
    fileprivate func next(
        within seconds: Double, since idle: @escaping @Sendable () -> ContinuousClock.Instant?,
        endsOnShutdown: Bool = false, orThrow failure: @escaping @Sendable () -> RequestFailure
    ) async throws -> WebSocketMessage? {
        let begin = ContinuousClock.now
        return try await withThrowingTaskGroup(of: WebSocketMessage?.self) { group in
            group.addTask {
                var iterator = self.makeAsyncIterator()
                return try await iterator.next()
            }
            group.addTask {
                var end = begin + .seconds(seconds)
                while true {
                    try await Task.sleep(until: end, clock: .continuous)
                    // A client that is still owed text may wait silently; the time counts from then on.
                    let start = Swift.max(begin, idle() ?? .now)
                    guard start + .seconds(seconds) > .now else { throw failure() }
                    end = start + .seconds(seconds)
                }
            }
            if endsOnShutdown {
                group.addTask {
                    try await gracefulShutdown()
                    throw RequestFailure.serverStops
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}

extension WebSocketOutbound {
    fileprivate func write(_ message: ServerMessage) async throws {
        try await write(SoriProtocol.encode(message))
    }
}
