import Gateway
import SoriProtocol
import Testing

@Suite("Messages on their way out")
struct OutboxTests {
    private let partial = ServerMessage.partial(.init(utterance: 0, stable: "a", tentative: "", start: 0))
    private let ack = ServerMessage.ack(.init(samples: 7))
    private let final = ServerMessage.final(
        .init(utterance: 0, text: "a", words: [], start: 0, end: 1, language: "en", confidence: 1))
    private let finished = ServerMessage.finished(.init(samples: 9))

    @Test("go out at once where sessions are not stored")
    func unkept() {
        var outbox = Outbox(isKept: false)
        for message in [partial, ack, partial] { outbox.add(message) }
        #expect(outbox.takeReady() == [partial, ack, partial] && outbox.takeReady().isEmpty)
    }

    @Test("an acknowledgement, and what comes after it, waits for the record")
    func waits() {
        var outbox = Outbox(isKept: true)
        #expect(!outbox.wantsRecord)
        for message in [partial, ack, partial] { outbox.add(message) }
        #expect(outbox.takeReady() == [partial] && outbox.wantsRecord && outbox.takeReady().isEmpty)
        outbox.beginRecord()
        // What comes while the record is being stored is not in it.
        outbox.add(ack)
        #expect(!outbox.wantsRecord && outbox.takeReady().isEmpty)
        #expect(outbox.takeCovered() == [ack, partial])
        // In order: nothing overtakes what is just being told.
        #expect(outbox.takeReady().isEmpty)
        outbox.endRecord()
        #expect(outbox.takeReady().isEmpty && outbox.wantsRecord)
        outbox.beginRecord()
        #expect(outbox.takeCovered() == [ack])
        outbox.endRecord()
        outbox.add(partial)
        #expect(outbox.takeReady() == [partial] && !outbox.wantsRecord)
    }

    @Test("a final waits as well, and is in the record of the acknowledgement that follows it")
    func finalWaits() {
        var outbox = Outbox(isKept: true)
        for message in [partial, final, ack] { outbox.add(message) }
        #expect(outbox.takeReady() == [partial] && outbox.wantsRecord)
        outbox.beginRecord()
        #expect(outbox.takeCovered() == [final, ack])
        outbox.endRecord()
        #expect(!outbox.wantsRecord)
    }

    @Test("the end needs no record")
    func end() {
        var outbox = Outbox(isKept: true)
        for message in [ack, finished] { outbox.add(message) }
        #expect(outbox.takeReady() == [ack, finished])
    }

    @Test("a record that covers nothing holds nothing up")
    func first() {
        var outbox = Outbox(isKept: true)
        outbox.beginRecord()
        outbox.add(partial)
        #expect(outbox.takeCovered().isEmpty)
        outbox.endRecord()
        #expect(outbox.takeReady() == [partial])
    }
}
