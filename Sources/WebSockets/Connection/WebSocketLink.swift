import Locks
import NIOCore

/// The sending half of a connection, shared by those who send: the handler, the reader and the keepalive.
///
/// What is sent is queued on the event loop while the lock is held, so nothing can follow a goodbye.
final class WebSocketLink: Sendable {
    /// Writes bytes and flushes; called on the event loop.
    typealias Send = @Sendable (ByteBuffer, EventLoopPromise<Void>?) -> Void

    private let channel: any Channel
    private let send: Send
    private let frames: FrameWriter
    private let replyTimeout: Duration
    private let state = Guarded(LinkState())

    init(channel: any Channel, frames: FrameWriter, replyTimeout: Duration, send: @escaping Send) {
        self.channel = channel
        self.send = send
        self.frames = frames
        self.replyTimeout = replyTimeout
    }

    func withState<Output: Sendable>(_ body: (inout LinkState) -> Output) -> Output {
        state.withLock { body(&$0) }
    }

    /// Sends a message and waits until the socket has taken all of it.
    func write(_ message: WebSocketMessage) async throws {
        try await write(frames.message(message))
    }

    /// Sends messages one right after the other, and waits until the socket has taken all of them.
    func write(_ messages: [WebSocketMessage]) async throws {
        var bytes = ByteBuffer()
        for message in messages { bytes.writeImmutableBuffer(frames.message(message)) }
        try await write(bytes)
    }

    /// Answers a ping, unless goodbye has been said.
    func answer(_ ping: ByteBuffer) async throws {
        guard withState({ $0.closingError }) == nil else { return }
        try await write(frames.control(.pong, ping))
    }

    /// Sends a ping without waiting for room, as a peer that takes nothing must be noticed too.
    func ping() {
        state.withLock { state in
            if state.closingError == nil { queue(frames.control(.ping), promise: nil) }
        }
    }

    /// Says goodbye, once, after a last message if there is one; `because` is the error that writing has from then on. If the connection is still there when the reply timeout is over, it is cut off.
    func close(
        _ close: WebSocketClose, after message: WebSocketMessage? = nil, because error: WebSocketError? = nil
    ) {
        state.withLock { state in
            if let error { state.fail(error) }
            guard state.close(with: close) else { return }
            var bytes = message.map { frames.message($0) } ?? ByteBuffer()
            var goodbye = frames.close(close)
            bytes.writeBuffer(&goodbye)
            channel.eventLoop.execute { [channel, send, replyTimeout, bytes] in
                send(bytes, nil)
                // Only now, as a loop that is late might run the timer before what was queued.
                let cut = channel.eventLoop.scheduleTask(in: TimeAmount(replyTimeout)) { channel.close(promise: nil) }
                channel.closeFuture.whenComplete { _ in cut.cancel() }
            }
        }
    }

    /// Ends the connection at once.
    func cut() {
        channel.close(promise: nil)
    }

    private func write(_ bytes: ByteBuffer) async throws {
        let written = channel.eventLoop.makePromise(of: Void.self)
        let closingError = state.withLock { state in
            if state.closingError == nil { queue(bytes, promise: written) }
            return state.closingError
        }
        if let closingError {
            written.fail(closingError)
            throw closingError
        }
        do {
            try await written.futureResult.getUnlessCancelled()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw withState { state in
                state.fail(.connectionLost(error))
                return state.closingError ?? .connectionLost(error)
            }
        }
    }

    private func queue(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
        channel.eventLoop.execute { [send] in send(bytes, promise) }
    }
}

extension EventLoopFuture<Void> {
    /// Waits like `get`, but lets a cancelled task go; what it waits for goes on.
    fileprivate func getUnlessCancelled() async throws {
        let waiter = eventLoop.makePromise(of: Void.self)
        cascade(to: waiter)
        try await withTaskCancellationHandler {
            try await waiter.futureResult.get()
        } onCancel: {
            waiter.fail(CancellationError())
        }
    }
}
