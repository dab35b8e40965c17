import ContextStore
import Testing

extension RedisTests {
    @Suite("that is none, or does not say what it should")
    struct StrangeServerTests {
        @Test(
            "is an error, whatever it says",
            arguments: [
                ("HTTP/1.1 400 Bad Request\r\n\r\n", .unreachable), ("", .unreachable),
                ("*2\r\n$2\r\nok\r\n", .unreachable),
                ("+OK\r\n", .refused), ("*0\r\n", .refused), ("*1\r\n$2\r\nok\r\n", .refused), ("$-1\r\n", .refused),
                (":7\r\n", .refused), ("-ERR\r\n", .refused), ("$99999999999\r\n", .unreachable),
            ] as [(String, ContextStoreError.Code)])
        func nonsense(answer: String, expected: ContextStoreError.Code) async throws {
            let server = try FakeRedis(answer: answer)
            // The first answer is to the loading of the script; one that is no text is found there already.
            let store = try RedisContextStore(
                RedisOptions(
                    RedisAddress(server.address), commandTimeout: .milliseconds(300),
                    pauses: .milliseconds(1)...(.milliseconds(1))),
                timeToLive: 60)
            var codes: [ContextStoreError.Code?] = []
            for _ in 0..<3 {
                codes.append(await code { try await store.read("a") })
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(codes.contains(expected), "\(codes)")
            #expect(codes.allSatisfy { $0?.isOutage == true })
            let subscription = try await store.events(of: "a")
            subscription.cancel()
        }

        @Test("does not hold up anybody by answering slowly")
        func slow() async throws {
            let server = try FakeRedis(answer: "$40\r\n" + String(repeating: "a", count: 40) + "\r\n", pause: 50_000)
            let store = try RedisContextStore(
                RedisOptions(RedisAddress(server.address), commandTimeout: .milliseconds(300)), timeToLive: 60)
            let start = ContinuousClock.now
            #expect(await code { try await store.read("a") } == .unreachable)
            #expect(.now - start < .seconds(1))
        }
    }
}
