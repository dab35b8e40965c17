import NIOCore
import NIOHTTP1

/// Carries the bytes of frames as bodies, where the encoder and the decoder of HTTP were before.
final class FrameBytesHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(Self.wrapInboundOut(.body(Self.unwrapInboundIn(data))))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .body(.byteBuffer(let bytes)):
            context.write(Self.wrapOutboundOut(bytes), promise: promise)
        case .body(.fileRegion), .head:
            promise?.fail(ChannelError.operationUnsupported)
        case .end:
            promise?.succeed()
            context.close(promise: nil)
        }
    }
}
