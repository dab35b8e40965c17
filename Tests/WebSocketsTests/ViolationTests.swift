import NIOCore
import Testing
import WebSockets

@Suite("A peer that breaks the rules", .timeLimit(.minutes(3)))
struct ViolationTests {
    struct Violation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let frames: [[UInt8]]
        let code: UInt16
        let error: WebSocketError.Code

        init(
            _ testDescription: String, _ frames: [[UInt8]], _ code: UInt16 = 1002,
            _ error: WebSocketError.Code = .protocolViolation
        ) {
            self.testDescription = testDescription
            self.frames = frames
            self.code = code
            self.error = error
        }
    }

    /// With the mask 0, so that contents are what they seem.
    static let violations = [
        Violation("text that is not UTF-8", [[0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28]], 1007, .invalidText),
        Violation(
            "text that is not UTF-8, split where it would be",
            [[0x01, 0x81, 0, 0, 0, 0, 0xC3], [0x80, 0x81, 0, 0, 0, 0, 0x28]], 1007, .invalidText),
        Violation(
            "a frame over the limit", [[0x82, 0xFE, 0x01, 0x01, 0, 0, 0, 0] + Array(repeating: 1, count: 257)], 1009,
            .messageTooLarge),
        Violation(
            "a message over the limit in fragments",
            [0x02, 0x00, 0x00, 0x00].map { [$0, 0xFE, 0, 128, 0, 0, 0, 0] + Array(repeating: 1, count: 128) }, 1009,
            .messageTooLarge),
        Violation(
            "the longest frame there could be", [[0x82, 0xFF] + Array(repeating: 0xFF, count: 12)], 1009,
            .messageTooLarge),
        Violation("a reserved bit", [[0xC1, 0x80, 0, 0, 0, 0]]),
        Violation("no mask", [[0x81, 0x01, 0x61]]),
        Violation("an unknown kind of frame", [[0x83, 0x80, 0, 0, 0, 0]]),
        Violation("a ping in fragments", [[0x09, 0x80, 0, 0, 0, 0]]),
        Violation("a long ping", [[0x89, 0xFE, 0x00, 0x7E, 0, 0, 0, 0] + Array(repeating: 1, count: 126)]),
        Violation("the end of a message without a beginning", [[0x80, 0x80, 0, 0, 0, 0]]),
        Violation("a message within another", [[0x01, 0x80, 0, 0, 0, 0], [0x81, 0x80, 0, 0, 0, 0]]),
        Violation("a goodbye with half a code", [[0x88, 0x81, 0, 0, 0, 0, 0x03]]),
        Violation("a goodbye with a code that is not for the wire", [[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED]]),
        Violation(
            "a goodbye with a reason that is not UTF-8", [[0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF]], 1007,
            .invalidText),
    ]

    @Test("is told so, and the handler gets an error", arguments: violations)
    func violation(_ violation: Violation) async throws {
        let errors = Events<WebSocketError?>()
        let configuration = WebSocketConfiguration(maxFrameSize: 256, maxMessageSize: 400)
        try await TestServer.serving(configuration) { inbound, outbound in
            errors.send(await webSocketError { for try await _ in inbound {} })
            errors.send(await webSocketError { try await outbound.write("late") })
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                for frame in violation.frames { try await peer.send(frame) }
                let goodbye = try await peer.readFrame()
                #expect(goodbye?.code == violation.code)
                #expect((goodbye?.contents.readableBytes ?? 0) > 2, "with a reason")
                // Only after the announcement of endless contents nobody can tell a goodbye.
                guard violation.frames.first?.dropFirst(2).starts(with: [0xFF, 0xFF]) == false else { return }
                try? await peer.sendFrame(0x88, [0x03, 0xEA])
                await peer.readToEnd()
            }
            #expect(try await errors.next()?.code == violation.error)
            #expect(try await errors.next()?.code == violation.error)
        }
    }

    @Test("gets to know what is wrong also in the middle of sending a message that is far too long")
    func longMessage() async throws {
        try await TestServer.serving(.init(maxMessageSize: 1 << 16), handler: echo) { server in
            let close = try await server.connect("/", .init(maxMessageSize: 1 << 24)) { inbound, outbound in
                try await outbound.write(ByteBuffer(repeating: 0, count: 1 << 24))
                for try await _ in inbound {}
                return inbound.close
            }
            #expect(close?.code == .messageTooLarge)
        }
    }

    @Test("is told what it did wrong, not that the handler failed because of it", arguments: 0..<20)
    func reason(_: Int) async throws {
        try await TestServer.serving(handler: echo) { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                try await peer.sendFrame(0x83)
                #expect(try await peer.readFrame()?.code == 1002)
            }
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                try await peer.sendFrame(0x88, [0x0F, 0xA1])
                #expect(try await peer.readFrame()?.code == 4001, "its own code, not that of a handler that is done")
            }
        }
    }

    @Test("does not keep the messages before from being read")
    func earlierMessages() async throws {
        let events = Events<Int>()
        try await TestServer.serving { inbound, _ in
            var count = 0
            _ = await webSocketError {
                for try await _ in inbound {
                    count += 1
                }
            }
            events.send(count)
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                for _ in 0..<5 { try await peer.sendFrame(0x82, [1, 2, 3]) }
                try await peer.sendFrame(0xFF)
                #expect(try await peer.readFrame()?.code == 1002)
            }
            #expect(try await events.next() == 5)
        }
    }
}
