import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Keeps a server's HTTP connection within its times, and takes HTTP off it when it becomes a WebSocket.
///
/// The request of a WebSocket goes the way of all requests. Only when it is answered with 101 do the two directions of
/// the connection become the bodies of request and answer, as in HTTP/2 (RFC 8441). So a refusal is an ordinary answer,
/// and any request of a connection can ask, not only the first. NIO's own upgrade handler has neither (swift-nio#680).
final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let firstRequestTimeout: TimeAmount
    private let idleTimeout: TimeAmount
    private var exchanges = HTTPExchanges()
    private var deadline: Scheduled<Void>?
    private var deadlinePatience: TimeAmount?
    private var lastProgress = NIODeadline.now()
    private var isReading = false
    private var hasHeldRead = false

    private init(firstRequestTimeout: Duration, idleTimeout: Duration, maxHeaderBytes: Int) {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = maxHeaderBytes
        self.encoder = HTTPResponseEncoder()
        self.decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        self.firstRequestTimeout = TimeAmount(firstRequestTimeout)
        self.idleTimeout = TimeAmount(idleTimeout)
    }

    /// Puts HTTP on a new channel, on its event loop. Nothing is read before ``begin(on:)``.
    ///
    /// - Parameters:
    ///   - firstRequestTimeout: how long the head of the first request may take.
    ///   - idleTimeout: how long nothing may come while the client is waited for; no longer than the first when the
    ///     server stops.
    static func configure(
        _ channel: any Channel, firstRequestTimeout: Duration, idleTimeout: Duration, maxHeaderBytes: Int
    ) throws {
        let handler = HTTPExchangeHandler(
            firstRequestTimeout: firstRequestTimeout, idleTimeout: idleTimeout, maxHeaderBytes: maxHeaderBytes)
        try channel.syncOptions?.setOption(.autoRead, value: false)
        try channel.pipeline.syncOperations.addHandlers(
            handler.encoder, handler.decoder, handler, HTTP1ToHTTPServerCodec(secure: false), InboundGate())
    }

    /// Begins to read requests, on the event loop.
    ///
    /// Only one who will surely use it may have a `NIOAsyncChannel`: NIO ends the process where one is dropped unused,
    /// as happens to a connection that is accepted while the server's task is cancelled.
    static func begin(on channel: any Channel) throws -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        let gate = try channel.pipeline.syncOperations.handler(type: InboundGate.self)
        let requests = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        channel.pipeline.syncOperations.removeHandler(gate, promise: nil)
        // This fails if the client has gone; its requests end then.
        try? channel.syncOptions?.setOption(.autoRead, value: true)
        return requests
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lastProgress = .now()
        watch(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if exchanges.quiesce() {
            context.close(promise: nil)
        } else {
            watch(context)
        }
    }

    func read(context: ChannelHandlerContext) {
        isReading = true
        hasHeldRead = !exchanges.mayRead
        if !hasHeldRead { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !exchanges.isUpgraded else {
            context.fireChannelRead(data)
            return
        }
        isReading = false
        lastProgress = .now()
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            exchanges.receivedHead(head.wish)
            context.fireChannelRead(data)
        case .body:
            context.fireChannelRead(data)
        case .end:
            if exchanges.receivedEnd() { context.fireChannelRead(data) }
        }
        watch(context)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !exchanges.isUpgraded else {
            context.write(data, promise: promise)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .head(var head):
            switch exchanges.answers(status: Int(head.status.code)) {
            case .pass:
                context.write(data, promise: promise)
            case .passAsLast(let releasesEnd):
                head.headers.replaceOrAdd(name: "Connection", value: "close")
                context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
                if releasesEnd {
                    context.fireChannelRead(Self.wrapInboundOut(.end(nil)))
                    context.fireChannelReadComplete()
                }
            case .upgrade:
                context.write(data, promise: promise)
                upgrade(context)
            }
        case .body:
            context.write(data, promise: promise)
        case .end:
            let isLast = exchanges.answered()
            lastProgress = .now()
            watch(context)
            guard isLast else {
                context.write(data, promise: promise)
                return
            }
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            context.write(data, promise: written)
        }
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        watch(context)
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(FrameBytesHandler(), position: .before(self))
        } catch {
            context.close(promise: nil)
            return
        }
        pipeline.removeHandler(encoder, promise: nil)
        // A WebSocket ends in both directions at once. Where half of it may, NIOSSL waits for 5 s before it closes.
        // This fails if the client has just gone, which then shows without help.
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        // What the client sent behind its request comes out of the decoder now.
        pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in
            context.fireChannelReadComplete()
            guard self.hasHeldRead else { return }
            self.hasHeldRead = false
            context.read()
        }
    }

    /// Sets a timer for what the client owes, unless the one that is set will do: it looks whether there was progress.
    private func watch(_ context: ChannelHandlerContext) {
        let patience = patience
        guard deadline == nil || patience != deadlinePatience else { return }
        deadline?.cancel()
        deadline = nil
        deadlinePatience = patience
        guard let patience else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(deadline: lastProgress + patience) {
            let (handler, context) = bound.value
            handler.deadline = nil
            handler.check(context)
        }
    }

    private func check(_ context: ChannelHandlerContext) {
        guard let patience else { return }
        // A route that does not read a body is slow, not the client.
        if !isReading, exchanges.awaited == .restOfRequest { lastProgress = .now() }
        if lastProgress + patience <= .now() {
            context.close(promise: nil)
        } else {
            watch(context)
        }
    }

    private var patience: TimeAmount? {
        switch exchanges.awaited {
        case .firstRequest: firstRequestTimeout
        case .anotherRequest, .restOfRequest:
            exchanges.isQuiescing ? min(firstRequestTimeout, idleTimeout) : idleTimeout
        case nil: nil
        }
    }
}

extension HTTPRequestHead {
    /// NIO's decoder stops after a request with both headers, and after CONNECT.
    fileprivate var wish: HTTPExchanges.Wish {
        let isUpgrade = headers.contains(name: "Upgrade") && headers.list("Connection").contains("upgrade")
        guard isUpgrade || method == .CONNECT else { return .http }
        return isUpgrade && method == .GET && headers.list("Upgrade").contains("websocket") ? .webSocket : .other
    }
}

extension HTTPHeaders {
    fileprivate func list(_ name: String) -> [String] {
        self[canonicalForm: name].map { $0.lowercased() }
    }
}
