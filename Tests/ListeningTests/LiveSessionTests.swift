import Listening
import SoriProtocol
import Testing

@Suite struct LiveSessionTests {
    private let rate = SessionDriver.format.sampleRate

    @Test func fromStartToFinished() {
        var driver = SessionDriver(settings: .init(language: "ko", hotwords: ["소리"], corrections: false))
        let start = driver.connect()
        #expect(start?.language == "ko" && start?.hotwords == ["소리"] && start?.corrections == false)
        #expect(start?.audio == SessionDriver.format)
        #expect(start?.session == nil && start?.lastFinal == nil)
        driver.speak(2)
        #expect(driver.send() == (0, false), "no sound before ready")
        driver.ready()
        #expect(driver.send() == (2 * rate, false))
        driver.receive(.partial(.init(utterance: 0, stable: "안녕", tentative: "", start: 0.1)))
        driver.session.finish()
        driver.speak(1)
        #expect(driver.send() == (0, true), "what is said after the end is not sent")
        driver.final(0, "안녕", 0.1, 1)
        driver.receive(.finished(.init(samples: 2 * rate)))
        #expect(driver.session.outcome == .finished)
        #expect(driver.session.isConnected, "the goodbye is still to come")
        let kinds = driver.takeEvents().map { "\($0)".prefix { $0.isLetter } }
        #expect(kinds == ["status", "opened", "status", "partial", "status", "final", "finished"])
    }

    @Test func aBrokenConnectionIsTakenUpAgain() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(3)
        _ = driver.send()
        driver.final(0, "하나", 0, 1)
        driver.receive(.ack(.init(samples: rate)))
        driver.cut()
        driver.speak(1)
        let start = driver.connect()
        #expect(start?.session == "a" && start?.resumeToken == "secret-a" && start?.lastFinal == 0)
        #expect(start?.language == "ko", "the settings are those of before")
        driver.ready(resumeAt: 2 * rate)
        #expect(driver.send().samples == 2 * rate)
    }

    @Test func finalsThatComeAgainAreOne() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(3)
        _ = driver.send()
        driver.final(0, "하나", 0, 1)
        driver.final(2, "셋", 1, 2)
        driver.cut()
        driver.connect()
        driver.ready(resumeAt: rate)
        driver.final(0, "하나", 0, 1)
        driver.final(2, "셋", 1, 2)
        driver.receive(.partial(.init(utterance: 2, stable: "늦은", tentative: "", start: 1)))
        driver.final(3, "넷", 2, 3)
        let finals = driver.takeEvents().compactMap { if case .final(let final) = $0 { final.text } else { nil } }
        #expect(finals == ["하나", "셋", "넷"])
        #expect(!driver.events.contains { if case .partial = $0 { true } else { false } })
    }

    @Test func eachTranslationComesOnceAndIsThatOfItsUtterance() {
        var driver = SessionDriver(settings: .init(language: "ko", translate: true))
        #expect(driver.connect()?.translate == true)
        driver.ready()
        driver.speak(3)
        _ = driver.send()
        driver.final(0, "하나", 0, 1)
        driver.final(1, "둘", 1, 2)
        driver.receive(.translation(.init(utterance: 0, text: "one")))
        driver.cut()
        driver.connectWhenDue()
        driver.ready(resumeAt: 3 * rate)
        driver.receive(.translation(.init(utterance: 0, text: "one")))
        driver.receive(.translation(.init(utterance: 1, text: "two")))
        driver.cut()
        driver.connectWhenDue()
        driver.fail(.sessionNotFound)
        driver.connect()
        driver.ready("b")
        driver.final(0, "셋", 0, 1)
        driver.receive(.translation(.init(utterance: 0, text: "three")))
        let translations = driver.takeEvents().compactMap { event -> String? in
            if case .translation(let translation) = event {
                "\(translation.utterance) \(translation.text)"
            } else {
                nil
            }
        }
        #expect(translations == ["0 one", "1 two", "2 three"])
    }

    @Test func aForgottenSessionBecomesANewOneWithTheSoundThatIsNotInFinalText() throws {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(5)
        _ = driver.send()
        driver.receive(.ack(.init(samples: rate)))
        driver.final(0, "하나", 1, 2)
        driver.receive(.partial(.init(utterance: 1, stable: "두", tentative: "울", start: 2.5)))
        driver.cut()
        #expect(driver.connect()?.session == "a")
        driver.fail(.sessionNotFound)
        #expect(!driver.session.isConnected)
        let start = driver.connect()
        #expect(start != nil, "at once")
        #expect(start?.session == nil && start?.resumeToken == nil && start?.lastFinal == nil)
        driver.ready("b")
        #expect(driver.send().samples == 3 * rate, "from the end of the final, whose ack had not come")
        _ = driver.takeEvents()
        driver.final(0, "둘", 0.5, 1)
        guard case .final(let final) = try #require(driver.takeEvents().first) else {
            Issue.record("no final")
            return
        }
        #expect(final.start == 2.5 && final.end == 3 && final.words.first?.start == 2.5)
        #expect(final.utterance == 2, "utterances are counted on")
        driver.receive(.ack(.init(samples: rate)))
        driver.cut()
        #expect(driver.connectWhenDue()?.lastFinal == 0, "the server counts its own")
    }

    @Test func aSessionThatEndedBehindAFinishIsOver() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(1)
        driver.session.finish()
        _ = driver.send()
        driver.receive(.ack(.init(samples: rate)))
        driver.cut()
        driver.connectWhenDue()
        driver.fail(.sessionNotFound)
        #expect(driver.session.outcome == .finished, "only the goodbye got lost")
    }

    @Test func finishIsSentAgainBehindTheSound() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(2)
        driver.session.finish()
        #expect(driver.send() == (2 * rate, true))
        driver.cut()
        driver.connectWhenDue()
        driver.ready(resumeAt: rate)
        #expect(driver.send() == (rate, true))
    }

    @Test func noMoreThanAMinuteIsAheadOfTheAcknowledgements() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(200)
        #expect(driver.send().samples == 60 * rate)
        driver.receive(.ack(.init(samples: 25 * rate)))
        #expect(driver.send().samples == 25 * rate)
        driver.fail(.audioTooFast)
        driver.connectWhenDue()
        driver.ready(resumeAt: 25 * rate)
        #expect(driver.send().samples == 30 * rate, "a server that finds it too fast gets less")
    }

    @Test func acknowledgementsThatGotLostKeepNobodyWaiting() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(300)
        #expect(driver.send().samples == 60 * rate)
        driver.cut()
        driver.connectWhenDue()
        driver.ready(resumeAt: 60 * rate)
        #expect(driver.send().samples == 30 * rate, "the server may wait for more, having told all it had")
        driver.final(0, "말", 70, 80)
        #expect(driver.send().samples == 50 * rate, "what is written down is dealt with")
    }

    @Test func framesAreShort() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(10)
        while case .sound(let bytes) = driver.session.next() { #expect(bytes.count <= rate) }
    }

    @Test func soundThatWasLostIsTold() {
        var driver = SessionDriver(limits: LiveLimits(memory: .seconds(10)))
        for _ in 0..<15 { driver.speak(1) }
        let events = driver.takeEvents().filter { if case .lost = $0 { true } else { false } }
        #expect(!events.isEmpty)
        #expect(events.last == .lost(from: 4, to: 5, .noRoom) || events.last == .lost(from: 0, to: 5, .noRoom))
        driver.connect()
        driver.ready()
        #expect(driver.send().samples == 10 * rate)
        driver.final(0, "말", 0, 1)
        #expect(driver.takeEvents().contains { if case .final(let final) = $0 { final.start == 5 } else { false } })
    }

    @Test func soundThatTheServerDidNotCountIsTold() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(3)
        driver.session.finish()
        _ = driver.send()
        driver.receive(.finished(.init(samples: 2 * rate)))
        #expect(driver.takeEvents().contains(.lost(from: 2, to: 3, .notTaken)))
    }

    @Test func aSourceThatCanWaitIsNotReadFarAhead() {
        var driver = SessionDriver()
        #expect(driver.session.wantsSound)
        driver.speak(10)
        #expect(!driver.session.wantsSound)
        driver.connect()
        driver.ready()
        _ = driver.send()
        #expect(driver.session.wantsSound)
    }

    @Test func messagesBeforeReadyAreIgnored() {
        var driver = SessionDriver()
        driver.speak(1)
        driver.connect()
        driver.receive(.ack(.init(samples: 100)))
        driver.final(0, "?", 0, 1)
        driver.ready()
        #expect(driver.send().samples == rate)
    }

    @Test(arguments: [(-1, 0), (100, 100), (1_000_000, 8_000)])
    func noServerLeadsOutOfTheSound(resumeAt: Int, sent: Int) {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(1)
        _ = driver.send()
        driver.cut()
        driver.connect()
        driver.ready(resumeAt: resumeAt)
        #expect(driver.send().samples == rate - sent)
    }
}
