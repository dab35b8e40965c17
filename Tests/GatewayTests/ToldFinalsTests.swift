import Gateway
import SoriProtocol
import Testing

@Suite("Finals that are kept for those who come back")
struct ToldFinalsTests {
    private func final(_ number: Int) -> ServerMessage.Final {
        .init(utterance: number, text: "\(number)", words: [], start: 0, end: 1, language: "ko", confidence: 1)
    }

    private func translation(_ number: Int) -> ServerMessage.Translation {
        .init(utterance: number, text: "t\(number)")
    }

    private func told(_ count: Int, limit: Int) -> ToldFinals {
        var told = ToldFinals(limit: limit)
        for number in 0..<count {
            told.add(final(number))
            told.add(translation(number))
        }
        return told
    }

    @Test("are told in order, each with its translation")
    func order() {
        #expect(
            told(2, limit: 5).messages(after: nil) == [
                .final(final(0)), .translation(translation(0)), .final(final(1)), .translation(translation(1)),
            ])
    }

    @Test("a translation may have been missed whose final was not")
    func missed() {
        var told = ToldFinals(limit: 5)
        told.add(final(0))
        told.add(final(1))
        told.add(translation(0))
        #expect(told.messages(after: 1) == [.translation(translation(0))])
        // Of utterances long ago it was not.
        let many = self.told(100, limit: 1000).messages(after: 98)
        #expect(many.count == 22 && many.contains(.final(final(99))) && !many.contains(.translation(translation(78))))
    }

    @Test("the oldest go, with their translations")
    func bound() {
        let told = told(30, limit: 20)
        #expect(told.finals.map(\.utterance) == Array(10..<30))
        #expect(told.messages(after: nil).count == 40)
        var late = told
        late.add(translation(3))
        #expect(late == told)
    }
}
