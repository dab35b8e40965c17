import NIOCore
import Testing
import WebSockets

@Suite("Closing a WebSocket", .timeLimit(.minutes(3)))
struct CloseTests {
    @Test("tells the server why the client closes")
    func byClient() async throws {
        let closes = Events<WebSocketClose?>()
        try await TestServer.serving { inbound, _ in
            for try await _ in inbound {}
            closes.send(inbound.close)
        } during: { server in
            try await server.connect { inbound, outbound in
                outbound.close(.init(rawValue: 4001), reason: "enough")
                for try await _ in inbound {}
                #expect(inbound.close == WebSocketClose(.init(rawValue: 4001)), "the server's answer")
                let error = await webSocketError { try await outbound.write("late") }
                #expect(error?.code == .closed)
            }
            #expect(try await closes.next() == WebSocketClose(.init(rawValue: 4001), reason: "enough"))
            try await server.connect { _, _ in }
            #expect(try await closes.next() == WebSocketClose(.normal), "a handler that returns closes")
            try await server.connect { _, outbound in outbound.close(.noStatus) }
            #expect(try await closes.next() == WebSocketClose(.noStatus))
        }
    }

    @Test("tells the client why the server closes, behind the last message")
    func byServer() async throws {
        try await TestServer.serving { _, outbound in
            try await outbound.write("last words")
            outbound.close(.tryAgainLater, reason: String(repeating: "ä", count: 100))
        } during: { server in
            try await server.connect { inbound, _ in
                var messages: [WebSocketMessage] = []
                for try await message in inbound { messages.append(message) }
                #expect(messages == [.text("last words")])
                #expect(inbound.close?.code == .tryAgainLater)
                #expect(inbound.close?.reason == String(repeating: "ä", count: 61), "123 bytes have room")
            }
        }
    }

    @Test("tells the client with 1011 that the server's handler failed, and nothing of the failure")
    func failure() async throws {
        struct Problem: Error {}
        try await TestServer.serving(handler: { _, _ in throw Problem() }) { server in
            let close = try await server.connect { inbound, _ in
                for try await _ in inbound {}
                return inbound.close
            }
            #expect(close == WebSocketClose(.internalError))
        }
    }

    @Test("does not wait for a peer that ignores it")
    func ignored() async throws {
        let impatient = WebSocketConfiguration(replyTimeout: .milliseconds(50))
        try await TestServer.serving(impatient, handler: { _, _ in }) { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                #expect(try await peer.readFrame()?.code == 1000)
                #expect(try await peer.readFrame() == nil, "it is cut off")
            }
        }
    }

    @Test("does not wait for a peer that reads nothing")
    func blocked() async throws {
        let configuration = WebSocketConfiguration(pingInterval: nil, replyTimeout: .milliseconds(50))
        let errors = Events<WebSocketError?>()
        try await TestServer.serving(configuration) { _, outbound in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    errors.send(
                        await webSocketError {
                            while true { try await outbound.write(ByteBuffer(repeating: 0, count: 1 << 20)) }
                        })
                }
                group.addTask { outbound.close(.policyViolation) }
            }
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                #expect(try await errors.next()?.code == .closed)
            }
        }
    }

    @Test("ends with an error where the peer vanishes without a word")
    func vanished() async throws {
        let errors = Events<WebSocketError?>()
        try await TestServer.serving { inbound, outbound in
            try await outbound.write("hello")
            errors.send(await webSocketError { for try await _ in inbound {} })
            errors.send(await webSocketError { try await outbound.write("anybody there?") })
            #expect(inbound.close == nil)
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                _ = try await peer.readFrame()
                try await peer.vanish()
            }
            #expect(try await errors.next()?.code == .connectionLost)
            #expect(try await errors.next()?.code == .connectionLost)
        }
    }

    @Test("survives clients that vanish at every moment of the handshake")
    func early() async throws {
        try await TestServer.serving { _, outbound in
            while true { try await outbound.write(ByteBuffer(repeating: 0, count: 1 << 16)) }
        } during: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        try await RawPeer.connecting(to: server.port) { peer in
                            let handshake = RawPeer.handshake.map { $0 + "\r\n" }.joined()
                            try await peer.send("GET / HTTP/1.1\r\nHost: x\r\n\(handshake)\r\n")
                            if number % 4 > 0 { try await peer.send("more, so that the connection is reset") }
                            for _ in 0..<number % 32 { await Task.yield() }
                            try await peer.vanish()
                        }
                    }
                    if number >= 16 { try await group.next() }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("tells the server that the client's task was cancelled")
    func cancelled() async throws {
        let events = Events<WebSocketClose?>()
        try await TestServer.serving { inbound, outbound in
            try await outbound.write("hello")
            for try await _ in inbound {}
            events.send(inbound.close)
        } during: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let greeted = Events<Void>()
                group.addTask {
                    try await server.connect { inbound, _ in
                        for try await _ in inbound { greeted.send(()) }
                    }
                }
                try await greeted.next()
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            #expect(try await events.next()?.code == .goingAway)
        }
    }
}
