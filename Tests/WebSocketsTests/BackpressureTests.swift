import NIOCore
import Synchronization
import Testing
import WebSockets

/// What one side may be ahead of the other: the buffers of two sockets and a little of our own.
private let bound = 48 << 20
private let total = 192 << 20
private let piece = 1 << 18

@Suite("A slow peer", .timeLimit(.minutes(3)))
struct BackpressureTests {
    /// Waits until a count has begun to grow and stands still, or has reached everything.
    private func standstill(_ count: borrowing Atomic<Int>) async throws -> Int {
        var last = 0
        while true {
            try await Task.sleep(for: .milliseconds(150))
            let now = count.load(ordering: .relaxed)
            if now > 0 && now == last || now == total { return now }
            last = now
        }
    }

    @Test("makes the writer wait, instead of filling the memory")
    func slowReader() async throws {
        let written = Count()
        let quiet = WebSocketConfiguration(pingInterval: nil)
        try await TestServer.serving(quiet) { _, outbound in
            while written.bytes.load(ordering: .relaxed) < total {
                try await outbound.write(ByteBuffer(repeating: 0, count: piece))
                written.bytes.wrappingAdd(piece, ordering: .relaxed)
            }
        } during: { server in
            try await RawPeer.connecting(to: server.port) { peer in
                _ = try await peer.upgrade()
                #expect(try await standstill(written.bytes) < bound)
                var read = 0
                while let frame = try await peer.readFrame(), frame.code == nil { read += frame.contents.readableBytes }
                #expect(read == total, "nothing is lost")
            }
        }
    }

    @Test("makes the other side wait while the handler does not read")
    func slowHandler() async throws {
        let written = Count()
        let gate = Events<Void>()
        let sums = Events<Int>()
        try await TestServer.serving(.init(pingInterval: nil)) { inbound, _ in
            try await gate.next()
            var read = 0
            for try await message in inbound { read += message.size }
            sums.send(read)
        } during: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await server.connect("/", .init(pingInterval: nil)) { _, outbound in
                        while written.bytes.load(ordering: .relaxed) < total {
                            try await outbound.write(ByteBuffer(repeating: 0, count: piece))
                            written.bytes.wrappingAdd(piece, ordering: .relaxed)
                        }
                    }
                }
                #expect(try await standstill(written.bytes) < bound)
                gate.send(())
                try await group.next()
            }
            #expect(try await sums.next() == total, "nothing is lost")
        }
    }
}

private final class Count: Sendable {
    let bytes = Atomic(0)
}
