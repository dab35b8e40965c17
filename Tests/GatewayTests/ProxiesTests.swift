import Gateway
import HTTPTypes
import NIOCore
import Testing
import WebSockets

@Suite("Who asks, behind proxies")
struct ProxiesTests {
    /// Who asked, by the address that the list of proxies makes of it.
    private func client(_ forwarded: [String], from remote: String, proxies: String) throws -> IPAddress? {
        var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        let name = try #require(HTTPField.Name("X-Forwarded-For"))
        head.headerFields[values: name] = forwarded
        let proxies = try #require(Proxies(proxies))
        return proxies.client(of: head, from: try SocketAddress(ipAddress: remote, port: 5000))
    }

    @Test(
        "only proxies that are named are believed",
        arguments: [
            // What a stranger writes is no address of a proxy's making.
            (["1.2.3.4"], "9.9.9.9", "", "9.9.9.9"), (["1.2.3.4"], "9.9.9.9", "10.0.0.0/8", "9.9.9.9"),
            ([], "10.0.0.7", "10.0.0.0/8", "10.0.0.7"), (["1.2.3.4"], "10.0.0.7", "10.0.0.7", "1.2.3.4"),
            // The client's own words come first, the proxy's last.
            (["6.6.6.6, 1.2.3.4"], "10.0.0.7", "10.0.0.7", "1.2.3.4"),
            (["6.6.6.6", "1.2.3.4"], "10.0.0.7", "10.0.0.7", "1.2.3.4"),
            // A row of proxies.
            (["1.2.3.4, 10.0.0.9"], "10.0.0.7", "10.0.0.0/8", "1.2.3.4"),
            (["1.2.3.4:4711"], "127.0.0.1", "127.0.0.1", "1.2.3.4"),
            (["[2001:db8::1]:4711"], "::1", "127.0.0.1,::1", "2001:db8::1"),
            (["2001:db8::1"], "::ffff:10.0.0.7", "10.0.0.7", "2001:db8::1"),
            (["6.6.6.6, unknown"], "10.0.0.7", "10.0.0.7", "10.0.0.7"),
        ])
    func forwarded(_ forwarded: [String], _ remote: String, _ proxies: String, _ expected: String) throws {
        #expect(try client(forwarded, from: remote, proxies: proxies) == IPAddress(expected))
    }

    @Test(
        "networks",
        arguments: [
            ("10.1.2.3", "10.0.0.0/8", true), ("11.0.0.0", "10.0.0.0/8", false),
            ("10.0.0.7", "10.0.0.0/29", true), ("10.0.0.8", "10.0.0.0/29", false), ("::1", "0.0.0.0/0", false),
            ("fd12::1", "fd00::/8", true), ("fe80::1", "fd00::/8", false), ("1.1.1.1", "0.0.0.0/0", true),
        ])
    func networks(_ address: String, _ network: String, _ isIn: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(#require(IPAddress(address))) == isIn)
    }

    @Test(
        "what is no list of networks",
        arguments: ["nginx", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.1,x", "10.0.0.1/a"])
    func bad(_ text: String) {
        #expect(Proxies(text) == nil)
    }
}

@Suite("How often an address may come")
struct RateLimitTests {
    private let start = ContinuousClock.now

    @Test("as often as said at once, then evenly spread")
    func bucket() {
        var limit = RateLimit<String>(perMinute: 60)
        for _ in 0..<60 { #expect(limit.wait(for: "a", at: start) == nil) }
        #expect(limit.wait(for: "a", at: start) == .seconds(1))
        #expect(limit.wait(for: "b", at: start) == nil)
        #expect(limit.wait(for: "a", at: start + .milliseconds(500)) != nil)
        #expect(limit.wait(for: "a", at: start + .seconds(1)) == nil)
        #expect(limit.wait(for: "a", at: start + .seconds(1)) != nil)
        for _ in 0..<60 { #expect(limit.wait(for: "a", at: start + .seconds(120)) == nil) }
        #expect(limit.wait(for: "a", at: start + .seconds(120)) != nil)
    }

    @Test("a flood from many addresses shares one count, and takes no more memory")
    func many() {
        var limit = RateLimit<Int>(perMinute: 10, most: 100)
        let refused = (0..<1000).count { limit.wait(for: $0, at: start) != nil }
        #expect(refused == 1000 - 100 - 10)
        // Those of the first hundred who came once may come again.
        #expect(limit.wait(for: 5, at: start) == nil)
        #expect(limit.wait(for: 5000, at: start) != nil)
        // After a while nobody needs to be remembered.
        #expect(limit.wait(for: 5000, at: start + .seconds(7)) == nil)
    }

    @Test("a household of IPv6 counts as one, and is told when to come back")
    func household() throws {
        var settings = ServerSettings()
        settings.handshakesPerMinute = 2
        let arrivals = Arrivals(settings)
        func refusal(_ address: String) throws -> WebSocketUpgradeAnswer? {
            let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/v1/listen")
            let handshake = WebSocketHandshake(head, remoteAddress: try SocketAddress(ipAddress: address, port: 1))
            return arrivals.refusal(of: handshake, at: start).flatMap(WebSocketUpgradeAnswer.init)
        }
        #expect(try refusal("2001:db8::1") == nil)
        #expect(try refusal("2001:db8::2") == nil)
        let third = try #require(try refusal("2001:db8::3"))
        #expect(third.status == .tooManyRequests && third.retryAfter == "30")
        #expect(try refusal("2001:db8:0:1::1") == nil)
    }
}

/// How a handshake was refused.
private struct WebSocketUpgradeAnswer {
    let status: HTTPResponse.Status
    let retryAfter: String?

    init?(_ upgrade: WebSocketUpgrade) {
        guard case .refuse(let status, let headers, _) = upgrade else { return nil }
        (self.status, retryAfter) = (status, headers[.retryAfter])
    }
}
