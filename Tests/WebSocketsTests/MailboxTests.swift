import NIOCore
import Testing
import WebSockets

@Suite("The mailbox between the socket and the handler", .timeLimit(.minutes(3)))
struct MailboxTests {
    private static let error = WebSocketError(.connectionLost, "gone")

    @Test("gives messages in order, also those before the end, and then the error every time")
    func order() async throws {
        let mailbox = Mailbox(capacity: 1000)
        await mailbox.deliver(.text("1"))
        await mailbox.deliver(.text("2"))
        mailbox.finish(throwing: Self.error)
        mailbox.finish()
        await mailbox.deliver(.text("too late"))
        #expect(try await mailbox.next() == .text("1"))
        #expect(try await mailbox.next() == .text("2"))
        for _ in 0..<2 { await #expect(throws: WebSocketError.self) { try await mailbox.next() } }
    }

    @Test("makes the one who delivers wait while it is over its capacity", arguments: [0, 1, 1000])
    func capacity(capacity: Int) async throws {
        let mailbox = Mailbox(capacity: capacity)
        let delivered = Events<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<50 {
                    await mailbox.deliver(.binary(ByteBuffer(repeating: 0, count: 100)))
                    delivered.send(number)
                }
                mailbox.finish()
            }
            var ahead = 0
            for _ in 0..<50 {
                _ = try await mailbox.next()
                ahead += 1
                // Each message read lets at most one more be delivered.
                while ahead > capacity / 164 + 1 {
                    _ = try await delivered.next()
                    ahead -= 1
                }
            }
            #expect(try await mailbox.next() == nil)
        }
    }

    @Test("lets a cancelled reader go without losing a message")
    func cancelledReader() async throws {
        let mailbox = Mailbox(capacity: 1000)
        await withThrowingTaskGroup(of: WebSocketMessage?.self) { group in
            group.addTask { try await mailbox.next() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        await mailbox.deliver(.text("still here"))
        #expect(try await mailbox.next() == .text("still here"))
    }

    @Test("lets the one who delivers go when its task is cancelled, or nobody reads any more")
    func noReader() async throws {
        for isCancelled in [true, false] {
            let mailbox = Mailbox(capacity: 0)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await mailbox.deliver(.text("unread")) }
                if isCancelled { group.cancelAll() } else { mailbox.discard() }
            }
            mailbox.discard()
            await mailbox.deliver(.text("unread"))
            #expect(try await mailbox.next() == nil)
        }
    }

    @Test("wakes every reader at the end")
    func wakeUp() async throws {
        let mailbox = Mailbox(capacity: 0)
        try await withThrowingTaskGroup(of: WebSocketMessage?.self) { group in
            for _ in 0..<3 { group.addTask { try await mailbox.next() } }
            mailbox.finish()
            for try await message in group { #expect(message == nil) }
        }
    }
}
