import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// What remains of a channel when the handshake is done: the bytes of the frames.
struct UpgradedChannel: Sendable {
    let bytes: NIOAsyncChannel<ByteBuffer, Never>
    let subprotocol: String?
}

/// Asks a server for a WebSocket and judges the answer; then lets the bytes pass.
///
/// NIO's own upgrade handler does not tell with which status a server refused (swift-nio#3274).
final class ClientHandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum Phase {
        case waiting
        case answered(HTTPResponseHead, body: ByteBuffer)
        case over
    }

    private static let maxBody = 1024

    private let request: ClientHandshake
    private let encoder: HTTPRequestEncoder
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private let timeout: Duration
    private let promise: EventLoopPromise<UpgradedChannel>
    private var deadline: Scheduled<Void>?
    private var phase = Phase.waiting
    private var hasAsked = false

    private init(_ request: ClientHandshake, timeout: Duration, promise: EventLoopPromise<UpgradedChannel>) {
        self.request = request
        self.encoder = HTTPRequestEncoder()
        self.decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        self.timeout = timeout
        self.promise = promise
    }

    /// Puts HTTP and the handshake on a channel, on its event loop.
    static func add(
        to channel: any Channel, request: ClientHandshake, timeout: Duration
    ) throws -> EventLoopFuture<UpgradedChannel> {
        let promise = channel.eventLoop.makePromise(of: UpgradedChannel.self)
        let handler = ClientHandshakeHandler(request, timeout: timeout, promise: promise)
        try channel.pipeline.syncOperations.addHandlers(handler.encoder, handler.decoder, handler)
        return promise.futureResult
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            let (handler, context) = bound.value
            handler.fail(handler.request.timedOut(after: handler.timeout), context)
        }
        if context.channel.isActive { ask(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.connectionLost(), context)
    }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .answered = phase {
            finish(context)
        } else {
            fail(request.hungUp, context)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .over = phase {
            context.fireErrorCaught(error)
        } else {
            fail(request.failure(error), context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .over = phase {
            context.fireChannelRead(data)
            return
        }
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            phase = .answered(head, body: ByteBuffer())
        case .body(var bytes):
            guard case .answered(let head, var body) = phase else { return }
            let room = Self.maxBody - body.readableBytes
            if let slice = bytes.readSlice(length: min(room, bytes.readableBytes)) { body.writeImmutableBuffer(slice) }
            phase = .answered(head, body: body)
            if body.readableBytes == Self.maxBody { finish(context) }
        case .end:
            finish(context)
        }
    }

    private func ask(_ context: ChannelHandlerContext) {
        guard !hasAsked else { return }
        hasAsked = true
        context.write(Self.wrapOutboundOut(.head(request.head)), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard case .answered(let head, let body) = phase else { return }
        switch request.judge(head, body: body) {
        case .failure(let error): fail(error, context)
        case .success(let subprotocol): upgrade(context, subprotocol: subprotocol)
        }
    }

    private func upgrade(_ context: ChannelHandlerContext, subprotocol: String?) {
        phase = .over
        deadline?.cancel()
        let pipeline = context.pipeline.syncOperations
        do {
            let upgraded = UpgradedChannel(
                bytes: try NIOAsyncChannel(wrappingChannelSynchronously: context.channel), subprotocol: subprotocol)
            pipeline.removeHandler(encoder, promise: nil)
            // What the server sent behind its answer comes out of the decoder now.
            pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in
                context.fireChannelReadComplete()
                self.promise.succeed(upgraded)
            }
        } catch {
            promise.fail(error)
            context.close(promise: nil)
        }
    }

    private func fail(_ error: WebSocketError, _ context: ChannelHandlerContext) {
        if case .over = phase { return }
        phase = .over
        deadline?.cancel()
        promise.fail(error)
        context.close(promise: nil)
    }
}
