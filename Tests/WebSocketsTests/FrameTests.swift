import NIOCore
import Testing
import WebSockets

@Suite("Frames")
struct FrameTests {
    private func events(_ reader: inout FrameReader, _ bytes: ByteBuffer, chunk: Int = .max) -> [FrameReader.Event] {
        var bytes = bytes
        var events: [FrameReader.Event] = []
        while let part = bytes.readSlice(length: min(chunk, bytes.readableBytes)), part.readableBytes > 0 {
            reader.receive(part)
            while let event = reader.next() { events.append(event) }
        }
        return events
    }

    @Test("of one side are understood by the other, wherever the bytes are cut", arguments: [1, 2, 3, 7, 64, 1 << 20])
    func roundTrip(chunk: Int) {
        let long = ByteBuffer(bytes: (0..<(chunk < 64 ? 700 : 70_001)).map { UInt8(truncatingIfNeeded: $0) })
        for (sender, receiver) in [(WebSocketRole.client, WebSocketRole.server), (.server, .client)] {
            for maxFrameSize in [125, 1000, 1 << 20] {
                let writer = FrameWriter(role: sender, maxFrameSize: maxFrameSize)
                var bytes = writer.message(.text("Grüße 🙂"))
                bytes.writeImmutableBuffer(writer.control(.ping, ByteBuffer(string: "?")))
                bytes.writeImmutableBuffer(writer.message(.binary(long)))
                bytes.writeImmutableBuffer(writer.control(.pong))
                bytes.writeImmutableBuffer(writer.message(.text("")))
                bytes.writeImmutableBuffer(writer.close(.init(.goingAway, reason: "bye")))
                var reader = FrameReader(role: receiver, maxFrameSize: maxFrameSize, maxMessageSize: 1 << 20)
                #expect(
                    events(&reader, bytes, chunk: chunk) == [
                        .message(.text("Grüße 🙂")), .ping(ByteBuffer(string: "?")), .message(.binary(long)), .pong,
                        .message(.text("")), .close(.init(.goingAway, reason: "bye")),
                    ])
            }
        }
    }

    @Test("are masked with the client's key, byte for byte, from any place on", arguments: 0..<20)
    func mask(count: Int) {
        let key: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        for phase in 0..<5 {
            var bytes = ByteBuffer(bytes: [0xAA, 0xBB] + Array(0..<UInt8(count)))
            bytes.applyMask(0x1234_5678, from: 2, phase: phase)
            let expected = (0..<count).map { UInt8($0) ^ key[($0 + phase) % 4] }
            #expect(Array(bytes.readableBytesView) == [0xAA, 0xBB] + expected)
        }
    }

    @Test("hide what a client sends: equal messages look different")
    func keys() {
        let writer = FrameWriter(role: .client, maxFrameSize: 1000)
        #expect(Set((0..<8).map { _ in writer.message(.text("the same words")) }).count > 1)
    }

    @Test("after a goodbye are not looked at, nor after a fault until the goodbye")
    func deaf() {
        let writer = FrameWriter(role: .client, maxFrameSize: 1000)
        var reader = FrameReader(role: .server, maxFrameSize: 1000, maxMessageSize: 1000)
        var bytes = ByteBuffer(bytes: [0x83, 0x83, 9, 9, 9, 9, 1, 2, 3])
        bytes.writeImmutableBuffer(writer.message(.text("ignored")))
        bytes.writeImmutableBuffer(writer.control(.ping))
        bytes.writeBytes([0xF7, 0x80, 9, 9, 9, 9])
        bytes.writeImmutableBuffer(writer.close(.init(.protocolError)))
        bytes.writeImmutableBuffer(writer.message(.text("ignored")))
        let events = events(&reader, bytes, chunk: 5)
        #expect(events.count == 2)
        guard case .fault(let fault) = events.first else {
            Issue.record("no fault")
            return
        }
        #expect(fault.code == .protocolError)
        #expect(events.last == .close(.init(.protocolError)))
    }

    @Test("of a message may be up to the limit, and not a byte more")
    func limit() {
        let writer = FrameWriter(role: .client, maxFrameSize: 300)
        var reader = FrameReader(role: .server, maxFrameSize: 300, maxMessageSize: 1000)
        let good = ByteBuffer(repeating: 1, count: 1000)
        #expect(events(&reader, writer.message(.binary(good)), chunk: 99) == [.message(.binary(good))])
        let bad = events(&reader, writer.message(.binary(ByteBuffer(repeating: 1, count: 1001))), chunk: 99)
        guard case .fault(let fault)? = bad.first else {
            Issue.record("no fault")
            return
        }
        #expect(fault.code == .messageTooLarge && bad.count == 1)
    }

    @Test("of a handshake prove that the server has read the key")
    func handshakeKey() {
        #expect(HandshakeKey("dGhlIHNhbXBsZSBub25jZQ==")?.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(HandshakeKey("dGhlIHNhbXBsZQ==") == nil)
        #expect(HandshakeKey("not Base64") == nil)
        #expect(HandshakeKey() != HandshakeKey())
        #expect(HandshakeKey(HandshakeKey().value) != nil)
    }

    @Test(
        "say goodbye only with codes that are for the wire",
        arguments: [
            999: false, 1000: true, 1004: false, 1005: false, 1006: false, 1015: false, 2999: false, 3000: true,
            4999: true, 5000: false,
        ])
    func codes(code: UInt16, isSent: Bool) {
        let bytes = FrameWriter(role: .server, maxFrameSize: 1000).close(.init(.init(rawValue: code)))
        #expect(bytes.readableBytes == (isSent ? 4 : 2))
    }
}
