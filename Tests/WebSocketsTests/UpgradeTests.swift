import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing
import WebSockets

@Suite("A server for HTTP and WebSockets", .timeLimit(.minutes(3)))
struct UpgradeTests {
    private func serving(
        _ http: WebSocketUpgradeChannel.Configuration = .init(), _ body: (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.deciding(http: http) { handshake in
            switch handshake.uri.path {
            case "/echo": return .accept(handler: echo)
            case "/full": return .refuse(.serviceUnavailable, headers: [.retryAfter: "3"], body: "no room left")
            case "/fails": throw Problem()
            default: return .passOn
            }
        } during: {
            try await body($0)
        }
    }

    private struct Problem: Error {}

    @Test("tells a client that it refuses with which status, and why")
    func refusal() async throws {
        try await serving { server in
            let error = await webSocketError { try await server.connect("/full?token=secret") { _, _ in } }
            #expect(error?.code == .refused)
            #expect(error?.refusal?.status == .serviceUnavailable)
            #expect(error?.refusal?.headers[.retryAfter] == "3")
            #expect(error?.refusal?.body == "no room left")
            let address = "ws://127.0.0.1:\(server.port)/full"
            #expect(
                error?.message == "\(address) answered 503 Service Unavailable (no room left); try again later",
                "without the query")
            let failure = await webSocketError { try await server.connect("/fails") { _, _ in } }
            #expect(failure?.refusal?.status == .internalServerError)
        }
    }

    @Test("leaves a handshake that it does not want to the router, and closes behind the answer")
    func passedOn() async throws {
        try await serving { server in
            let error = await webSocketError { try await server.connect("/nowhere") { _, _ in } }
            #expect(error?.refusal?.status == .notFound)
            try await RawPeer.connecting(to: server.port) { peer in
                let head = try await peer.upgrade("/hello")
                #expect(head.hasPrefix("HTTP/1.1 200") && head.lowercased().contains("connection: close"))
                #expect(try await peer.readText(5) == "hello")
                await peer.readToEnd()
            }
            try await RawPeer.connecting(to: server.port) { peer in
                let head = try await peer.upgrade("/body")
                #expect(head.hasPrefix("HTTP/1.1 200"), "a route that reads the body does not wait for ever")
            }
        }
    }

    @Test("opens a WebSocket on a connection that has served other requests")
    func lateUpgrade() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                for _ in 0..<2 {
                    #expect(try await peer.request("/hello").hasPrefix("HTTP/1.1 200"))
                    #expect(try await peer.readText(5) == "hello")
                }
                #expect(try await peer.upgrade("/echo").hasPrefix("HTTP/1.1 101"))
                try await peer.sendFrame(0x81, Array("late".utf8))
                #expect(try await peer.readFrame() == .init(first: 0x81, contents: ByteBuffer(string: "late")))
            }
        }
    }

    @Test("opens a WebSocket behind pipelined requests, and finds frames that were sent too early")
    func pipelined() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                let handshake = RawPeer.handshake.map { $0 + "\r\n" }.joined()
                try await peer.send(
                    "GET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\(handshake)\r\n"
                        + "\u{1}\u{2}ab")
                #expect(try await peer.readHead().hasPrefix("HTTP/1.1 200"))
                #expect(try await peer.readText(5) == "hello")
                #expect(try await peer.readHead().hasPrefix("HTTP/1.1 101"))
                #expect(try await peer.readFrame()?.code == 1002, "they have no mask")
            }
        }
    }

    @Test("takes messages over 16 KiB, which is where frames end by default elsewhere")
    func largeFrames() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade("/echo")
                try await peer.sendFrame(0x82, Array(repeating: 5, count: 100_000))
                #expect(try await peer.readFrame()?.contents == ByteBuffer(repeating: 5, count: 100_000))
            }
        }
    }

    @Test("does not agree to compression")
    func compression() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                let head = try await peer.upgrade("/echo", ["Sec-WebSocket-Extensions: permessage-deflate"])
                #expect(head.hasPrefix("HTTP/1.1 101"))
                #expect(!head.lowercased().contains("extensions"))
            }
        }
    }

    @Test("proves that it speaks the protocol, to a client that writes headers its own way")
    func headers() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                let head = try await peer.request(
                    "/echo",
                    [
                        "connection: keep-alive, UPGRADE", "upgrade: WebSocket", "sec-websocket-version: 13",
                        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
                    ])
                #expect(head.hasPrefix("HTTP/1.1 101"))
                #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "the example of RFC 6455")
            }
        }
    }

    @Test("answers a handshake that is not right with what is wrong")
    func badHandshakes() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                let head = try await peer.request(
                    "/echo", ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 8"])
                #expect(head.hasPrefix("HTTP/1.1 426"))
                #expect(head.contains("Sec-WebSocket-Version: 13"))
                await peer.readToEnd()
            }
            for header in ["X: y", "Sec-WebSocket-Key: short"] {
                try await RawPeer.connecting(to: server.port) { peer in
                    let head = try await peer.request(
                        "/echo", ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", header])
                    #expect(head.hasPrefix("HTTP/1.1 400"))
                }
            }
        }
    }

    @Test("answers a request that offers another protocol as if it did not")
    func otherProtocol() async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                try await peer.send(
                    "POST /body HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 4\r\n\r\nbody")
                let head = try await peer.readHead()
                #expect(head.hasPrefix("HTTP/1.1 200") && head.lowercased().contains("connection: close"))
                #expect(try await peer.readText(4) == "body")
                await peer.readToEnd()
            }
        }
    }

    @Test(
        "cuts off a client that does not get its request out",
        arguments: [
            "", "GET / HTTP/1.1\r\nX: ", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /hel",
            "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
        ])
    func slowRequest(bytes: String) async throws {
        let isComplete = bytes.contains("\r\n\r\n")
        let first = isComplete ? Duration.seconds(600) : .milliseconds(50)
        try await serving(.init(firstRequestTimeout: first, idleTimeout: .milliseconds(50))) { server in
            try await RawPeer.connecting(to: server.port) { peer in
                try? await peer.send(bytes)
                await peer.readToEnd()
            }
        }
    }

    @Test("answers a client that closes its half of the connection behind the request", arguments: 0..<20)
    func halfClosed(_: Int) async throws {
        try await serving { server in
            try await RawPeer.connecting(to: server.port) { peer in
                try await peer.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                peer.closeHalf()
                #expect(try await peer.readHead().hasPrefix("HTTP/1.1 200"))
                #expect(try await peer.readText(5) == "hello")
                await peer.readToEnd()
            }
        }
    }

    @Test("lets a WebSocket be silent for longer than an HTTP connection may be")
    func idleWebSocket() async throws {
        let http = WebSocketUpgradeChannel.Configuration(
            firstRequestTimeout: .seconds(600), idleTimeout: .milliseconds(30))
        try await serving(http) { server in
            try await RawPeer.connecting(to: server.port) { idle in
                _ = try await idle.upgrade("/echo")
                // Its deadline is set later than the other's was.
                try await RawPeer.connecting(to: server.port) { peer in
                    _ = try await peer.request("/hello")
                    await peer.readToEnd()
                }
                try await idle.sendFrame(0x81, Array("still here".utf8))
                #expect(try await idle.readFrame()?.contents == ByteBuffer(string: "still here"))
            }
        }
    }
}
