import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing
import WebSockets

@Suite("A WebSocket", .timeLimit(.minutes(3)))
struct EchoTests {
    @Test(
        "carries text and bytes of every size both ways",
        arguments: [0, 1, 125, 126, 65_535, 65_536, 900_000])
    func sizes(size: Int) async throws {
        let bytes = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let text = String(repeating: "ä", count: size / 2)
        let answers = try await TestServer.serving(handler: echo) { server in
            try await server.connect { inbound, outbound in
                try await outbound.write(bytes)
                try await outbound.write(text)
                var iterator = inbound.makeAsyncIterator()
                return [try await iterator.next(), try await iterator.next()]
            }
        }
        #expect(answers == [.binary(bytes), .text(text)])
    }

    @Test("joins fragments, also with a ping in between, and sends long messages in fragments")
    func fragments() async throws {
        try await TestServer.serving(.init(maxFrameSize: 1000, maxMessageSize: 10_000), handler: echo) { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                try await peer.sendFrame(0x01, Array("one ".utf8))
                try await peer.sendFrame(0x89, Array("ping".utf8))
                try await peer.sendFrame(0x00, [])
                try await peer.sendFrame(0x80, Array("two".utf8))
                #expect(try await peer.readFrame() == .init(first: 0x8A, contents: ByteBuffer(string: "ping")))
                #expect(try await peer.readFrame() == .init(first: 0x81, contents: ByteBuffer(string: "one two")))
            }
            let size = try await server.connect("/", .init(maxFrameSize: 1000)) { inbound, outbound in
                try await outbound.write(ByteBuffer(repeating: 7, count: 2500))
                return try await inbound.first { _ in true }?.size
            }
            #expect(size == 2500, "a frame of 2500 bytes would have been refused")
        }
    }

    @Test("keeps messages of several writers whole")
    func writers() async throws {
        let small = WebSocketConfiguration(maxFrameSize: 200, maxMessageSize: 1000)
        let received = try await TestServer.serving(small, handler: echo) { server in
            try await server.connect("/", small) { inbound, outbound in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 1...8 {
                        group.addTask {
                            for _ in 0..<20 {
                                try await outbound.write(String(repeating: "\(writer)", count: 700))
                            }
                        }
                    }
                    var received = 0
                    for try await case .text(let text) in inbound {
                        #expect(text.count == 700 && Set(text).count == 1)
                        received += 1
                        if received == 160 { break }
                    }
                    return received
                }
            }
        }
        #expect(received == 160)
    }

    @Test("returns and throws what the client's handler does")
    func results() async throws {
        struct Problem: Error {}
        try await TestServer.serving(handler: echo) { server in
            let answer = try await server.connect { _, _ in 42 }
            #expect(answer == 42)
            await #expect(throws: Problem.self) { try await server.connect { _, _ in throw Problem() } }
        }
    }

    @Test("can be opened and used on an actor")
    func actors() async throws {
        actor Caller {
            var heard: [WebSocketMessage] = []

            func call(_ server: TestServer) async throws {
                let answer = try await server.connect { inbound, outbound in
                    try await outbound.write("hello")
                    return try await inbound.first { _ in true }
                }
                if let answer { heard.append(answer) }
            }
        }
        let caller = Caller()
        try await TestServer.serving(handler: echo) { try await caller.call($0) }
        #expect(await caller.heard == [.text("hello")])
    }

    @Test("agrees on a subprotocol, and shows the server path, query and headers")
    func handshake() async throws {
        let seen = Events<WebSocketHandshake>()
        try await TestServer.deciding { handshake in
            seen.send(handshake)
            let choice = handshake.subprotocols.first { $0.hasPrefix("sori") }
            return .accept(subprotocol: choice, headers: [.server: "sori"]) { inbound, outbound in
                try await outbound.write("welcome")
            }
        } during: { server in
            let subprotocol = try await WebSocketClient.connect(
                url: server.url("/v1/a%20b?token=x%26y&z"), headers: [.authorization: "Bearer 1"],
                subprotocols: ["other", "sori.v2", "sori.v1"], logger: quiet
            ) { inbound, _ in inbound.subprotocol }
            #expect(subprotocol == "sori.v2")
        }
        let handshake = try await seen.next()
        #expect(handshake.head.path == "/v1/a%20b?token=x%26y&z")
        #expect(handshake.uri.path == "/v1/a%20b")
        #expect(handshake.uri.queryParameters["token"] == "x&y")
        #expect(handshake.head.headerFields[.authorization] == "Bearer 1")
        #expect(handshake.subprotocols == ["other", "sori.v2", "sori.v1"])
        #expect(handshake.remoteAddress?.ipAddress == "127.0.0.1")
    }

    @Test("is opened by a server that sends its first message with the answer to the handshake")
    func earlyFrames() async throws {
        let script: @Sendable (RawPeer) async throws -> Void = { peer in
            let head = try await peer.readHead()
            let key = head.firstMatch(of: /Sec-WebSocket-Key: (\S+)/)?.1 ?? ""
            let accept = HandshakeKey(String(key))?.accept ?? ""
            try await peer.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\n\r\n\u{1}\u{2}ab")
            try await peer.send([0x80, 0x01, 0x63])
            await peer.readToEnd()
        }
        try await RawPeer.listening(script: script) { port in
            let first = try await WebSocketClient.connect(
                url: "ws://127.0.0.1:\(port)", configuration: .init(replyTimeout: .zero), logger: quiet
            ) { inbound, _ in try await inbound.first { _ in true } }
            #expect(first == .text("abc"))
        }
    }
}
