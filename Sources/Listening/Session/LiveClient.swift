import Audio
import HTTPTypes
internal import Locks
package import Logging
import NIOCore
package import SoriProtocol
package import WebSockets

/// Streams a source to a server and hands on what comes back: a ``LiveSession`` with a clock, a network and threads.
package final class LiveClient: Sendable {
    /// Where to connect, and what to ask for.
    package struct Target: Sendable {
        /// Address of the WebSocket.
        package let url: String
        /// Sent as `Authorization: Bearer …`.
        package let token: String?
        /// Whom it trusts where the address begins with `wss`.
        package let trustedRoots: TrustedRoots
        /// What is asked of the server.
        package let settings: ClientMessage.Start

        /// Creates a target.
        package init(
            url: String, token: String? = nil, trustedRoots: TrustedRoots = .system, settings: ClientMessage.Start
        ) {
            self.url = url
            self.token = token
            self.trustedRoots = trustedRoots
            self.settings = settings
        }
    }

    /// What can be seen while it runs.
    package struct Glimpse: Sendable {
        /// Seconds of sound so far.
        package let seconds: Double
        /// The loudest sample since the last look, in decibels below full scale; nil if no sound came.
        package let peakDecibels: Float?
    }

    private struct State {
        var session: LiveSession
        var peak: Float?
        /// Samples that are still wanted.
        var remaining: Int
    }

    /// How often the clock is looked at.
    private static let beat = Duration.milliseconds(100)

    private let target: Target
    private let source: any SoundSource
    private let logger: Logger
    private let start: ContinuousClock.Instant
    private let state: Guarded<State>
    /// Something is to be sent, or the connection is to end.
    private let work = Bell()
    /// A source that waits may go on.
    private let room = Bell()
    private let lastCall = Bell()
    private let events = AsyncStream.makeStream(of: LiveEvent.self)

    /// Creates a client that does nothing yet.
    ///
    /// - Parameters:
    ///   - duration: seconds of sound after which it finishes by itself.
    ///   - start: when the clock of ``LiveStatus`` began.
    package init(
        _ target: Target, source: any SoundSource, duration: Double? = nil, limits: LiveLimits = .init(),
        since start: ContinuousClock.Instant = .now, logger: Logger
    ) {
        self.start = start
        self.target = target
        self.source = source
        self.logger = logger
        let session = LiveSession(settings: target.settings, format: source.format, limits: limits)
        let samples = duration.map { Int(min($0 * Double(source.format.sampleRate), 1e15)) }
        state = Guarded(State(session: session, remaining: samples ?? .max))
    }

    private var now: Duration { ContinuousClock.now - start }

    /// No more sound is wanted, only the last words.
    package func finish() {
        update { $0.finish() }
        lastCall.ring()
    }

    /// What was said so far is wanted as final text now.
    package func flush() {
        update { $0.flush() }
    }

    /// Looks at the sound.
    package func glimpse() -> Glimpse {
        state.withLock { state in
            defer { state.peak = nil }
            return Glimpse(seconds: state.session.duration, peakDecibels: state.peak.map(AudioLevel.decibels))
        }
    }

    /// Listens until everything is said; to be called once.
    ///
    /// - Parameter handle: gets everything that happens, in order.
    /// - Throws: ``LiveError`` if the server cannot be had, or what ended the source before its time, once the words until
    ///   then have come; `CancellationError`.
    package func run(_ handle: (LiveEvent) async -> Void) async throws {
        try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            group.addTask { await self.capture() }
            group.addTask {
                await self.connect()
                self.events.continuation.finish()
                return nil
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.beat)) != nil { self.update { $0.tick(at: self.now) } }
                return nil
            }
            for await event in events.stream { await handle(event) }
            try Task.checkCancellation()
            group.cancelAll()
            if case .failed(let error) = state.withLock({ $0.session.outcome }) { throw error }
            for try await error in group { if let error { throw error } }
        }
    }
}

// MARK: - Sound

extension LiveClient {
    /// Takes sound until there is none, or none is wanted.
    private func capture() async -> (any Error)? {
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do { try await self.source.run { try await self.take($0) } } catch { return error }
                return nil
            }
            group.addTask {
                for await _ in self.lastCall.rings() where self.state.withLock({ $0.session.isFinishing }) { break }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        update { $0.finish() }
        return failure is CancellationError ? nil : failure
    }

    private func take(_ block: SoundBlock) async throws {
        let level = try PCM(block.bytes, encoding: source.format.encoding.pcm).samples
        let peak = AudioLevel(level).peak
        for await _ in room.rings() {
            let (isTaken, isLast) = state.withLock { state in
                let session = state.session
                guard source.isLive || session.wantsSound || session.isFinishing else { return (false, false) }
                let size = source.format.bytesPerFrame
                let count = min(block.bytes.count / size, state.remaining)
                state.remaining -= count
                state.session.overflowed(block.overflows)
                state.session.append(block.bytes.prefix(count * size), at: source.mayPause ? now : nil)
                state.peak = max(state.peak ?? 0, peak)
                return (true, state.remaining == 0)
            }
            guard isTaken else { continue }
            if isLast { finish() } else { update { _ in } }
            return
        }
        throw CancellationError()
    }
}

// MARK: - Connections

extension LiveClient {
    /// Opens connection after connection until the session is over.
    private func connect() async {
        for await _ in work.rings() {
            if change({ $0.connect(at: self.now) }) { await converseWhileWanted() }
            guard state.withLock({ $0.session.outcome == nil }) else { return }
        }
    }

    /// One connection. When the session has given it up, there is no goodbye to wait for.
    private func converseWhileWanted() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.converse() }
            group.addTask {
                for await _ in self.work.rings() where !self.state.withLock({ $0.session.isConnected }) { return }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func converse() async {
        var headers = HTTPFields()
        headers[.authorization] = target.token.map { "Bearer \($0)" }
        let configuration = WebSocketConfiguration(
            pingInterval: .seconds(15), trustedRoots: target.trustedRoots)
        do {
            try await WebSocketClient.connect(
                url: target.url, headers: headers, configuration: configuration, logger: logger
            ) { inbound, outbound in
                self.update { $0.opened(at: self.now) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // If it cannot send, the reader learns why.
                    group.addTask { try? await self.send(to: outbound) }
                    defer { group.cancelAll() }
                    try await self.receive(from: inbound)
                }
            }
            lost(Disconnection(.retry(seconds: nil), "the server closed the connection"))
        } catch {
            lost(Disconnection(error, wasReady: state.withLock { $0.session.wasReady }))
        }
    }

    private func lost(_ reason: Disconnection) {
        logger.debug("connection ended", metadata: ["reason": "\(reason.message)"])
        update { $0.disconnected(reason, at: self.now) }
    }

    private func send(to outbound: WebSocketOutbound) async throws {
        for await _ in work.rings() {
            while let outgoing = change({ $0.next() }) {
                switch outgoing {
                case .message(let message): try await outbound.write(SoriProtocol.encode(message))
                case .sound(let bytes): try await outbound.write(ByteBuffer(bytes: bytes))
                }
                room.ring()
            }
        }
    }

    private func receive(from inbound: WebSocketInbound) async throws {
        for try await case .text(let text) in inbound {
            // Later servers may say what this client does not know.
            guard let message = try? SoriProtocol.decode(ServerMessage.self, from: text) else { continue }
            let isOver = update { session in
                session.receive(message, at: self.now)
                return session.outcome != nil
            }
            if isOver { return }
        }
    }

    /// Changes the session, and wakes everybody to look at it.
    @discardableResult
    private func update<Result: Sendable>(_ change: (inout LiveSession) -> Result) -> Result {
        defer {
            work.ring()
            room.ring()
        }
        return self.change(change)
    }

    /// Changes the session, and hands on what comes of it.
    private func change<Result: Sendable>(_ change: (inout LiveSession) -> Result) -> Result {
        state.withLock { state in
            let result = change(&state.session)
            // Under the lock, so that events stay in order.
            for event in state.session.takeEvents() { events.continuation.yield(event) }
            return result
        }
    }
}

extension AudioFormat.Encoding {
    var pcm: PCMEncoding {
        switch self {
        case .pcmS16LE: .signed16
        case .pcmF32LE: .float32
        case .pcmMuLaw: .muLaw
        }
    }
}
