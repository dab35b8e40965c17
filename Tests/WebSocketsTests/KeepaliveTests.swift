import NIOCore
import Testing
import WebSockets

@Suite("Keeping a WebSocket alive", .timeLimit(.minutes(3)))
struct KeepaliveTests {
    private static let impatient = WebSocketConfiguration(
        maxBuffered: 1000, pingInterval: .milliseconds(60), replyTimeout: .milliseconds(30))

    @Test("cuts off a peer that never answers a ping, and tells the handler")
    func silentPeer() async throws {
        let errors = Events<WebSocketError?>()
        try await TestServer.serving(Self.impatient) { inbound, _ in
            errors.send(await webSocketError { for try await _ in inbound {} })
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                #expect(try await peer.readFrame() == .init(first: 0x89, contents: ByteBuffer()))
                await peer.readToEnd()
            }
            #expect(try await errors.next()?.code == .peerSilent)
        }
    }

    @Test("cuts off a server that never answers a ping")
    func silentServer() async throws {
        let script: @Sendable (RawPeer) async throws -> Void = { peer in
            let key = try await peer.readHead().firstMatch(of: /Sec-WebSocket-Key: (\S+)/)?.1 ?? ""
            let accept = HandshakeKey(String(key))?.accept ?? ""
            try await peer.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\n\r\n")
            await peer.readToEnd()
        }
        try await RawPeer.listening(script: script) { port in
            let error = await webSocketError {
                try await WebSocketClient.connect(
                    url: "ws://127.0.0.1:\(port)", configuration: Self.impatient, logger: quiet
                ) { inbound, _ in for try await _ in inbound {} }
            }
            #expect(error?.code == .peerSilent)
        }
    }

    @Test("takes everything that comes for a sign of life, not only the answer to a ping")
    func otherSigns() async throws {
        let messages = Events<Void>()
        let generous = WebSocketConfiguration(pingInterval: .zero, replyTimeout: .seconds(2))
        try await TestServer.serving(generous) { inbound, _ in
            for try await _ in inbound { messages.send(()) }
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                for _ in 0..<3 {
                    #expect(try await peer.readFrame()?.first == 0x89)
                    try await peer.sendFrame(0x81, Array("here".utf8))
                    try await messages.next()
                }
            }
        }
    }

    @Test("answers pings and sees a goodbye while the handler does not read")
    func busyHandler() async throws {
        let gate = Events<Void>()
        try await TestServer.serving { inbound, _ in
            try await gate.next()
            #expect(inbound.close == WebSocketClose(.normal))
            var count = 0
            for try await _ in inbound { count += 1 }
            #expect(count == 1, "what came before is still there")
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                try await peer.sendFrame(0x81, Array("unread".utf8))
                try await peer.sendFrame(0x89, [1])
                #expect(try await peer.readFrame() == .init(first: 0x8A, contents: ByteBuffer(bytes: [1])))
                try await peer.sendFrame(0x88, [0x03, 0xE8])
                #expect(try await peer.readFrame()?.code == 1000)
                #expect(try await peer.readFrame() == nil)
                gate.send(())
            }
        }
    }

    @Test("does not take the peer for dead while it is the handler that does not read")
    func stalledHandler() async throws {
        let gate = Events<Void>()
        let configuration = WebSocketConfiguration(maxBuffered: 0, pingInterval: .zero, replyTimeout: .seconds(1))
        try await TestServer.serving(configuration) { inbound, outbound in
            try await gate.next()
            for try await message in inbound { try await outbound.write(message) }
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                // In one piece, so that the mailbox is full from the beginning.
                let handshake = RawPeer.handshake.map { $0 + "\r\n" }.joined()
                let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\(handshake)\r\n".utf8)
                try await peer.send(request + [0x82, 0x80, 1, 2, 3, 4])
                _ = try await peer.readHead()
                for _ in 0..<3 { #expect(try await peer.readFrame()?.first == 0x89, "not answered") }
                gate.send(())
                #expect(try await peer.readFrame() == .init(first: 0x82, contents: ByteBuffer()))
            }
        }
    }
}
