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
}
