import SoriProtocol
import Testing

/// A bound in time is only here to end a reader that never would.
@Suite(.timeLimit(.minutes(1))) struct HugeMessageTests {
    private static let garbage = [
        "[", "{\"a\":", "\"", "\\", "9", "1e", "a", "{", "\u{0}", "소", "{\"type\":\"start\",",
    ]

    @Test(arguments: garbage)
    func aMegabyteOfGarbage(piece: String) {
        let garbage = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        #expect(throws: MessageError.self) { try SoriProtocol.decode(ClientMessage.self, from: garbage) }
        #expect(throws: MessageError.self) { try SoriProtocol.decode(ServerMessage.self, from: garbage) }
    }

    @Test(arguments: garbage)
    func aMegabyteOfGarbageInAField(piece: String) {
        let garbage = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        let text = #"{"type":"start","version":\#(garbage)}"#
        #expect(throws: MessageError.self) { try SoriProtocol.decode(ClientMessage.self, from: text) }
    }

    @Test(arguments: [600, 100_000], [["[", "]"], ["{\"a\":", "}"]])
    func deepNesting(depth: Int, brackets: [String]) {
        let value =
            String(repeating: brackets[0], count: depth) + "1" + String(repeating: brackets[1], count: depth)
        for text in [value, #"{"type":"finish","x":\#(value)}"#, #"{"type":"start","version":1,"audio":\#(value)}"#] {
            #expect(throws: MessageError.self) { try SoriProtocol.decode(ClientMessage.self, from: text) }
        }
    }

    @Test func manyFieldsAndManyWords() throws {
        let words = Array(repeating: "소리", count: 100_000)
        let message = ClientMessage.configure(.init(hotwords: .set(words)))
        #expect(try SoriProtocol.decode(ClientMessage.self, from: SoriProtocol.encode(message)) == message)
        let fields = (0..<100_000).map { #""field\#($0)":0"# }.joined(separator: ",")
        #expect(try SoriProtocol.decode(ClientMessage.self, from: #"{"type":"finish",\#(fields)}"#) == .finish)
    }
}
