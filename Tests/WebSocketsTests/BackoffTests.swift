import SeededRandom
import Testing
import WebSockets

@Suite("The pauses between tries")
struct BackoffTests {
    @Test("have limits that double up to the longest")
    func limits() {
        var backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(5))
        var limits: [Duration] = []
        for _ in 0..<6 {
            limits.append(backoff.limit)
            _ = backoff.next()
        }
        #expect(limits == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
        #expect(backoff.attempts == 6)
        backoff.reset()
        #expect(backoff.limit == .milliseconds(500))
        #expect(backoff.attempts == 0)
    }

    @Test("are spread over the whole span below the limit")
    func jitter() {
        var generator = SplitMix64(state: 1)
        var pauses: [Double] = []
        for _ in 0..<2000 {
            var backoff = Backoff(minimum: .seconds(1), initial: .seconds(3))
            pauses.append(backoff.next(using: &generator) / .seconds(1))
        }
        #expect(pauses.allSatisfy { (1...3).contains($0) })
        let mean = pauses.reduce(0, +) / 2000
        #expect(abs(mean - 2) < 0.05)
        #expect(pauses.contains { $0 < 1.02 } && pauses.contains { $0 > 2.98 })
    }

    @Test("are the same with the same generator")
    func repeatable() {
        func pauses(_ seed: UInt64) -> [Duration] {
            var generator = SplitMix64(state: seed)
            var backoff = Backoff()
            return (0..<10).map { _ in backoff.next(using: &generator) }
        }
        #expect(pauses(7) == pauses(7))
        #expect(pauses(7) != pauses(8))
    }

    @Test("never overflow, and bring odd values into order")
    func extremes() {
        var backoff = Backoff(minimum: .seconds(-1), initial: .seconds(-1), maximum: .seconds(-1), factor: 0)
        #expect((0..<20_000).allSatisfy { _ in backoff.next() == .zero })
        var fast = Backoff(initial: .nanoseconds(1), maximum: .seconds(60), factor: 1e9)
        #expect((0..<100).allSatisfy { _ in fast.next() <= .seconds(60) })
        #expect(fast.limit == .seconds(60))
    }
}

@Suite("The address of a WebSocket")
struct WebSocketAddressTests {
    @Test(
        "is taken apart",
        arguments: [
            ("ws://host", "host", 80, "/", "host"),
            ("wss://Host.example/v1?token=a%26b&c", "Host.example", 443, "/v1?token=a%26b&c", "Host.example"),
            ("WS://127.0.0.1:8080/", "127.0.0.1", 8080, "/", "127.0.0.1:8080"),
            ("wss://[::1]:9/x%20y?", "::1", 9, "/x%20y?", "[::1]:9"),
            ("ws://host:80?q", "host", 80, "/?q", "host"),
        ])
    func parts(url: String, host: String, port: Int, target: String, authority: String) throws {
        let address = try WebSocketAddress(url)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.target == target)
        #expect(address.authority == authority)
        #expect(address.isSecure == url.lowercased().hasPrefix("wss"))
    }

    @Test(
        "is refused with an example if it is none, without showing secrets",
        arguments: [
            "", "host:80", "http://host/", "ws://", "ws:///path", "ws://user:secret@host/", "ws://host/#part",
            "ws://host:0/", "ws://host:99999/", "ws://ho st/?secret",
        ])
    func refusals(url: String) {
        let error = #expect(throws: WebSocketError.self) { try WebSocketAddress(url) }
        #expect(error?.code == .badAddress)
        #expect(error?.message.contains("ws://host:8080/path") == true)
        #expect(error?.message.contains("secret") == false || url.contains("@"))
    }
}
