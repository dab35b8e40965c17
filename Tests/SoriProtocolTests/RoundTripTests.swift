import SoriProtocol
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: Examples.client)
    func clientMessages(message: ClientMessage, text: String) throws {
        #expect(try SoriProtocol.encode(message) == text)
        #expect(try SoriProtocol.decode(ClientMessage.self, from: text) == message)
    }

    @Test(arguments: Examples.server)
    func serverMessages(message: ServerMessage, text: String) throws {
        #expect(try SoriProtocol.encode(message) == text)
        #expect(try SoriProtocol.decode(ServerMessage.self, from: text) == message)
        #expect(text.contains(#""type":"\#(message.kind.rawValue)""#))
    }

    @Test func examplesLeaveNoMessageOut() {
        #expect(Set(Examples.server.map(\.message.kind)) == Set(ServerMessage.Kind.allCases))
    }

    @Test(arguments: [
        "안녕하세요", "\u{1112}\u{1161}\u{11AB}", "ㅋㅋㅋ", "こんにちは、世界", "e\u{301}é", "👩‍👩‍👧 👍🏽 🇰🇷 ❤️", "𠀋", "שלום",
        "a\u{200B}b\u{2028}c\u{FEFF}", "\"\\/", "line\nline\r\n\ttab", "\u{0}\u{1B}[31m", "",
    ])
    func textArrivesAsItWasSentOnOneLine(text: String) throws {
        let partial = ServerMessage.partial(.init(utterance: 0, stable: text, tentative: text, start: 0))
        let wire = try SoriProtocol.encode(partial)
        #expect(!wire.unicodeScalars.contains("\n") && !wire.unicodeScalars.contains("\r"))
        guard case .partial(let back) = try SoriProtocol.decode(ServerMessage.self, from: wire) else {
            Issue.record("not a partial: \(wire)")
            return
        }
        // Scalars, because == takes composed and decomposed Hangul for the same.
        #expect(Array(back.stable.unicodeScalars) == Array(text.unicodeScalars))
        #expect(Array(back.tentative.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func escapedTextIsRead() throws {
        let text = #"{"type":"configure","prompt":"\uc18c\ub9ac \ud83c\udfa4"}"#
        let message = try SoriProtocol.decode(ClientMessage.self, from: text)
        #expect(message == .configure(.init(prompt: .set("소리 🎤"))))
    }
}
