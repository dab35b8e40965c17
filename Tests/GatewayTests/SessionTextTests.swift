import Gateway
import Recognition
import SoriProtocol
import Streaming
import Testing
import WhisperText

@Suite("What a server's session writes")
struct SessionTextTests {
    @Test("a translation shows live text that is never settled, and its final is told however doubtful it is")
    func translation() throws {
        var session = try ManualSession(.init(task: .translate, corrections: false, gap: 0))
        var order: [String] = []
        session.answer = { work in
            var result = ManualSession.word(for: work)
            // Words of a translation are heard anywhere; a small model is never sure of them.
            for index in result.tokens.indices { result.tokens[index].attendedAt = index.isMultiple(of: 2) ? 1.4 : 0.1 }
            result.averageLogProbability = -1.9
            order.append(work.mustBeDone ? "final" : "live")
            return .success(result)
        }
        try session.hear(2.5)
        let partials = session.told.compactMap { if case .partial(let partial) = $0 { partial } else { nil } }
        #expect(!partials.isEmpty && partials.allSatisfy { $0.stable.isEmpty && $0.tentative == "word" })
        session.finish()
        #expect(session.finals == ["word"] && order.last == "final" && order.contains("live"))
        let final = session.told.compactMap { if case .final(let final) = $0 { final } else { nil } }.first
        #expect((final?.confidence ?? 1) < 0.2)
        #expect(!session.notices.contains(.textDropped))
    }

    @Test("says which text it takes back, and why")
    func takenBack() throws {
        var session = try ManualSession()
        session.answer = { work in
            var result = ManualSession.word(for: work)
            if work.mustBeDone { result.averageLogProbability = -3 }
            return .success(result)
        }
        try session.hear(2.5)
        session.finish()
        #expect(session.finals == [""])
        let notice = session.told.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }.first
        #expect(notice?.code == .textDropped && notice?.utterance == 0 && notice?.reason == "doubtful")
        #expect(notice?.message == "what was shown is taken back: the recogniser is not sure of any of it")
    }

    @Test("finals have their sentences, which together are the text")
    func sentences() throws {
        var session = try ManualSession()
        session.answer = { work in
            var result = ManualSession.word(for: work)
            result.words = [" One.", " Two", " three."].enumerated().map { index, text in
                Word(text: text, start: Double(index) * 0.5, end: Double(index) * 0.5 + 0.4, probability: 0.9)
            }
            result.text = " One. Two three."
            result.tokens = result.text.utf8.map { .init(id: Int($0), probability: 0.9, attendedAt: 0.5) }
            return .success(result)
        }
        try session.hear(2)
        session.finish()
        let final = session.told.compactMap { if case .final(let final) = $0 { final } else { nil } }.first
        #expect(final?.sentences.map(\.text) == ["One.", "Two three."])
        #expect(final?.sentences.map(\.start) == [0, 0.5] && final?.sentences.map(\.end) == [0.4, 1.4])
    }
}
