import Listening
import Testing

@Suite("Events for onlookers")
struct OnlookerTests {
    @Test("are cut out of pieces of any size, also within a letter", arguments: [1, 2, 3, 7, 1000])
    func pieces(length: Int) {
        let text =
            ":\n\nid: haneul.1/0\ndata: {\"text\":\"안녕\"}\n\nevent: x\r\ndata: one\r\ndata: two\r\n\r\n: beat\n\nid: 7\n\n"
        var parser = EventParser()
        var events: [EventParser.Event] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: length) {
            events += parser.push(bytes[start..<min(start + length, bytes.count)])
        }
        #expect(
            events == [
                .init(id: "haneul.1/0", data: "{\"text\":\"안녕\"}"), .init(data: "one\ntwo"),
            ])
    }

    @Test(
        "are asked for where the server is, however its address is written",
        arguments: [
            ("localhost:8080", "http://localhost:8080/"), ("ws://localhost:8080", "http://localhost:8080/"),
            ("wss://host/proxy/v1/listen", "https://host/proxy/"), ("https://host", "https://host/"),
            ("http://[::1]:8080/", "http://[::1]:8080/"), ("ws://host/v1/listen?x=1", "http://host/"),
        ])
    func addresses(written: String, web: String) {
        #expect(ServerAddress.web(written) == web)
    }
}
