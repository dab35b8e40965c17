import Testing
import WebSockets

@Suite("Where a server listens")
struct ListeningAddressTests {
    @Test(
        "addresses are taken as people write them",
        arguments: [
            ("localhost", ["127.0.0.1", "::1"], "127.0.0.1"), ("LOCALHOST", ["127.0.0.1", "::1"], "127.0.0.1"),
            ("127.0.0.1", ["127.0.0.1"], "127.0.0.1"), ("::1", ["::1"], "[::1]"), ("[::1]", ["::1"], "[::1]"),
            ("::", ["::"], "[::]"), ("0.0.0.0", ["0.0.0.0"], "0.0.0.0"),
            ("studio.local", ["studio.local"], "studio.local"),
        ])
    func hosts(text: String, hosts: [String], shown: String) {
        let address = ListeningAddress(text)
        #expect(address.hosts == hosts && address.shown == shown)
    }

    @Test(
        "only addresses of this machine alone are loopback",
        arguments: [
            ("localhost", true), ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("[::1]", true),
            ("0:0:0:0:0:0:0:1", true), ("0.0.0.0", false), ("::", false), ("192.168.0.7", false), ("fe80::1", false),
            ("::ffff:10.0.0.7", false), ("localhost.example.org", false), ("127.evil.example", false), ("", false),
        ])
    func loopback(text: String, expected: Bool) {
        #expect(ListeningAddress(text).isLoopback == expected)
    }
}
