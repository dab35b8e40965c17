package import Logging
package import NIOCore
import ServiceLifecycle

/// One WebSocket from the handshake to the end, on either side: reads, answers pings, looks after the peer, and closes.
public struct WebSocketConnection: Sendable {
    /// Works with a connection. It ends when the handler returns, not before.
    ///
    /// When the peer goes, the handler is not cancelled: the inbound sequence ends and writes throw. It is cancelled with
    /// the task that runs the connection, and when it does not finish in time after a graceful shutdown.
    public typealias Handler<Output> =
        @Sendable (_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws -> Output

    /// A message for a peer that has broken the rules; `nil` for none.
    public typealias LastWords = @Sendable (_ fault: WebSocketError) -> String?

    private enum Step<Output: Sendable>: Sendable {
        case handled(Result<Output, any Error>)
        case read
        case drained
        case none
    }

    private let bytes: any AsyncSequence<ByteBuffer, any Error> & Sendable
    private let link: WebSocketLink
    private let mailbox: Mailbox
    private let role: WebSocketRole
    private let subprotocol: String?
    private let configuration: WebSocketConfiguration
    private let lastWords: LastWords?
    private let logger: Logger

    /// Creates a connection whose handshake is done.
    ///
    /// - Parameters:
    ///   - bytes: what comes from the peer.
    ///   - send: writes bytes to the channel and flushes; called on its event loop.
    package init(
        _ channel: any Channel, role: WebSocketRole, bytes: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        subprotocol: String?, configuration: WebSocketConfiguration, lastWords: LastWords? = nil, logger: Logger,
        send: @escaping @Sendable (ByteBuffer, EventLoopPromise<Void>?) -> Void
    ) {
        self.bytes = bytes
        self.link = WebSocketLink(
            channel: channel, frames: FrameWriter(role: role, maxFrameSize: configuration.maxFrameSize),
            replyTimeout: configuration.replyTimeout, send: send)
        self.mailbox = Mailbox(capacity: configuration.maxBuffered)
        self.role = role
        self.subprotocol = subprotocol
        self.configuration = configuration
        self.lastWords = lastWords
        self.logger = logger
    }

    /// Runs a handler on the connection, then closes it; to be called once.
    ///
    /// - Returns: what the handler returns.
    /// - Throws: what the handler throws.
    public func run<Output: Sendable>(_ handler: @escaping Handler<Output>) async throws -> Output {
        let inbound = WebSocketInbound(mailbox: mailbox, link: link, subprotocol: subprotocol)
        let outbound = WebSocketOutbound(link: link)
        let result = await withTaskGroup(of: Step<Output>.self) { group in
            group.addTask {
                do { return .handled(.success(try await handler(inbound, outbound))) } catch {
                    return .handled(.failure(error))
                }
            }
            group.addTask {
                await read()
                return .read
            }
            group.addTask {
                try? await lookAfterPeer()
                return .none
            }
            group.addTask {
                let isOver: Void? = try? await drainOnShutdown()
                return isOver == nil ? .none : .drained
            }
            var result: Result<Output, any Error>?
            var isRead = false
            while result == nil || !isRead, let step = await group.next() {
                switch step {
                case .handled(let outcome):
                    result = outcome
                    mailbox.discard()
                    link.close(farewell(after: outcome))
                case .read:
                    isRead = true
                    link.cut()
                case .drained: group.cancelAll()
                case .none: break
                }
            }
            group.cancelAll()
            return result
        }
        logger.debug("WebSocket closed", metadata: link.withState { $0.metadata })
        guard let result else { throw CancellationError() }
        return try result.get()
    }

    private func farewell(after outcome: Result<some Any, any Error>) -> WebSocketClose {
        switch outcome {
        case .success: WebSocketClose(Task.isShuttingDownGracefully ? .goingAway : .normal)
        case .failure(is CancellationError): WebSocketClose(.goingAway)
        case .failure: WebSocketClose(.internalError)
        }
    }

    /// Reads until the connection is over.
    private func read() async {
        var reader = FrameReader(
            role: role, maxFrameSize: configuration.maxFrameSize, maxMessageSize: configuration.maxMessageSize)
        var cause: (any Error)?
        do {
            for try await chunk in bytes {
                link.withState { $0.heard() }
                reader.receive(chunk)
                while let event = reader.next() {
                    guard try await handle(event) else { return }
                }
            }
        } catch {
            cause = error
        }
        if Task.isCancelled { link.close(WebSocketClose(.goingAway)) }
        finish(.connectionLost(cause))
    }

    /// Returns whether to read on.
    private func handle(_ event: FrameReader.Event) async throws -> Bool {
        switch event {
        case .message(let message):
            link.withState { $0.handler(isBusy: true) }
            await mailbox.deliver(message)
            link.withState { $0.handler(isBusy: false) }
        case .ping(let contents):
            try await link.answer(contents)
        case .pong:
            break
        case .fault(let fault):
            // Before the handler knows, as it might say goodbye in another way.
            let message = lastWords?(fault.error).map { WebSocketMessage.text($0) }
            link.close(WebSocketClose(fault.code, reason: fault.reason), after: message, because: fault.error)
            finish(fault.error)
        case .close(let close):
            link.close(link.withState { $0.received(close) })
            mailbox.finish()
            // The server is the first to leave (RFC 6455, section 7.1.1), so that the client's port is soon free again.
            return role == .client
        }
        return true
    }

    /// Ends what the handler reads: with an error, unless a goodbye was said before.
    private func finish(_ error: WebSocketError) {
        let failure = link.withState { state in
            state.fail(error)
            return state.failure
        }
        mailbox.finish(throwing: failure)
    }

    /// Pings the peer, and cuts the connection if it is silent then.
    private func lookAfterPeer() async throws {
        guard let interval = configuration.pingInterval else { return }
        let timeout = configuration.replyTimeout
        while true {
            try await Task.sleep(for: max(interval - timeout, .zero))
            let pulse = link.withState { $0.pulse }
            link.ping()
            try await Task.sleep(for: timeout)
            guard link.withState({ $0.isSilent(since: pulse) }) else { continue }
            link.withState { $0.fail(.peerSilent) }
            link.cut()
            finish(.peerSilent)
            return
        }
    }

    /// Waits for a graceful shutdown, gives the handler time, says goodbye, and returns if that did not help.
    private func drainOnShutdown() async throws {
        try await gracefulShutdown()
        try await Task.sleep(for: configuration.drainTimeout)
        link.close(WebSocketClose(.goingAway, reason: "the service stops"))
        try await Task.sleep(for: configuration.replyTimeout)
    }
}

extension LinkState {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        metadata["sent"] = sentClose.map { "\($0.code)" }
        metadata["received"] = peerClose.map { "\($0.code)" }
        metadata["failure"] = failure.map { "\($0.code)" }
        return metadata
    }
}
