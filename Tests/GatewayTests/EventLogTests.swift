import Gateway
import SoriProtocol
import Testing

@Suite("The event log of a session", .timeLimit(.minutes(1)))
struct EventLogTests {
    private func final(_ number: Int) -> ServerMessage {
        .final(.init(utterance: number, text: "\(number)", words: [], start: 0, end: 1, language: "en", confidence: 1))
    }

    private func all(_ subscription: Subscription) async -> [ServerMessage] {
        var all: [ServerMessage] = []
        for await message in subscription { all.append(message) }
        return all
    }

    @Test("who comes after its end hears what was missed, and the end")
    func late() async {
        let log = EventLog()
        for number in 0..<3 { log.publish(final(number)) }
        log.publish(.finished(.init(samples: 9)))
        log.close()
        #expect(await all(log.subscribe(after: 0)) == [final(1), final(2), .finished(.init(samples: 9))])
        #expect(await all(log.subscribe(after: 7)) == [.finished(.init(samples: 9))])
    }

    @Test("who comes back hears the translation of what he has")
    func translations() async {
        let log = EventLog()
        let translation = ServerMessage.translation(.init(utterance: 0, text: "meaning"))
        let during = log.subscribe()
        log.publish(final(0))
        log.publish(translation)
        let back = log.subscribe(after: 0)
        log.close()
        #expect(await all(during) == [final(0), translation])
        #expect(await all(back) == [translation])
    }

    @Test("who listens when it ends hears everything before that")
    func during() async {
        let log = EventLog()
        let subscription = log.subscribe()
        log.publish(final(0))
        log.close()
        log.publish(final(1))
        #expect(await all(subscription) == [final(0)])
    }

    @Test("of partials that wait, only the newest is kept")
    func partials() async {
        let log = EventLog()
        let subscription = log.subscribe()
        let partials = ["a", "b", "c"].map {
            ServerMessage.partial(.init(utterance: 0, stable: $0, tentative: "", start: 0))
        }
        for partial in partials { log.publish(partial) }
        log.close()
        #expect(await all(subscription) == [partials[2]])
    }

    @Test("who does not listen for too long is let go")
    func slow() async {
        let log = EventLog()
        let subscription = log.subscribe()
        for number in 0..<2100 { log.publish(final(number)) }
        #expect(await all(subscription).count == 2001)
    }
}
