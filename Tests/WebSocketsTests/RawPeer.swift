import NIOCore
import NIOPosix

/// A TCP connection that sends and gets plain bytes, also such as no WebSocket library would send.
final class RawPeer {
    /// A frame as it came.
    struct Frame: Equatable {
        let first: UInt8
        let contents: ByteBuffer

        /// The code of a goodbye.
        var code: UInt16? { first == 0x88 ? contents.getInteger(at: contents.readerIndex) : nil }
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let channel: any Channel
    private var bytes: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer = ByteBuffer()

    private init(
        _ channel: any Channel, _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.bytes = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects to a server on the loopback interface.
    static func connecting<Output: Sendable>(
        to port: Int, _ body: (RawPeer) async throws -> Output
    ) async throws -> Output {
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Connection(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await body(RawPeer(connection.channel, inbound, outbound))
        }
    }

    /// Waits for one client on the loopback interface and does with it as the script says.
    static func listening<Output: Sendable>(
        script: @escaping @Sendable (RawPeer) async throws -> Void, _ body: (Int) async throws -> Output
    ) async throws -> Output {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { $0.eventLoop.makeSucceededFuture($0) }
        return try await listener.executeThenClose { clients in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await channel in clients {
                        // Only now, as NIO does not like one that is accepted and never used.
                        let client = try await channel.eventLoop.submit {
                            let client = try Connection(wrappingChannelSynchronously: channel)
                            try? channel.syncOptions?.setOption(.autoRead, value: true)
                            return client
                        }.get()
                        try await client.executeThenClose { inbound, outbound in
                            try await script(RawPeer(client.channel, inbound, outbound))
                        }
                    }
                }
                let output = try await body(listener.channel.localAddress?.port ?? 0)
                group.cancelAll()
                return output
            }
        }
    }

    /// Sends text as it is.
    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Sends a frame with the mask 0, if it is masked; its contents are not changed by that.
    func sendFrame(_ first: UInt8, _ contents: [UInt8] = [], isMasked: Bool = true) async throws {
        var frame = ByteBuffer()
        let mask: UInt8 = isMasked ? 0x80 : 0
        frame.writeInteger(first)
        if contents.count < 126 {
            frame.writeInteger(mask | UInt8(contents.count))
        } else {
            frame.writeMultipleIntegers(mask | 127, UInt64(contents.count))
        }
        if isMasked { frame.writeInteger(UInt32(0)) }
        frame.writeBytes(contents)
        try await outbound.write(frame)
    }

    /// Asks for something by HTTP and returns the answer's head.
    func request(_ target: String, _ headers: [String] = [], method: String = "GET") async throws -> String {
        try await send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
        return try await readHead()
    }

    /// Asks for a WebSocket and returns the head of the answer.
    func upgrade(_ target: String = "/", _ headers: [String] = []) async throws -> String {
        try await request(target, RawPeer.handshake + headers)
    }

    /// The headers of a handshake.
    static let handshake = [
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]

    /// Reads up to an empty line.
    func readHead() async throws -> String {
        while true {
            let text = String(buffer: buffer)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let head = String(text[..<end.upperBound])
                buffer.moveReaderIndex(forwardBy: head.utf8.count)
                return head
            }
            guard try await readMore() else { throw Ended() }
        }
    }

    /// Reads exactly so many bytes as text.
    func readText(_ count: Int) async throws -> String {
        while buffer.readableBytes < count { guard try await readMore() else { throw Ended() } }
        return buffer.readString(length: count) ?? ""
    }

    /// Reads a frame that is not masked, or nil at the end.
    func readFrame() async throws -> Frame? {
        while true {
            var rest = buffer
            if let first = rest.readInteger(as: UInt8.self), let short = rest.readInteger(as: UInt8.self) {
                var length: Int? = Int(short)
                if short == 126 { length = rest.readInteger(as: UInt16.self).map(Int.init) }
                if short == 127 { length = rest.readInteger(as: UInt64.self).map(Int.init) }
                if let length, let contents = rest.readSlice(length: length) {
                    buffer = rest
                    return Frame(first: first, contents: contents)
                }
            }
            guard try await readMore() else { return nil }
        }
    }

    /// Reads until the other side hangs up; throws nothing if it does so rudely.
    func readToEnd() async {
        while (try? await readMore()) == true { buffer.clear() }
    }

    /// Closes this half of the connection; the other side can still send.
    func closeHalf() {
        outbound.finish()
    }

    /// Hangs up without a word.
    func vanish() async throws {
        try await channel.close()
    }

    private func readMore() async throws -> Bool {
        guard var next = try await bytes.next(isolation: #isolation) else { return false }
        buffer.discardReadBytes()
        buffer.writeBuffer(&next)
        return true
    }
}

/// The connection ended in the middle of something.
struct Ended: Error {}
