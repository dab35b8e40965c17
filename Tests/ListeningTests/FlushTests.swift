import Listening
import SoriProtocol
import Testing

@Suite struct FlushTests {
    private let rate = SessionDriver.format.sampleRate

    private func opened() -> SessionDriver {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        return driver
    }

    @Test func comesBehindTheSoundThatWasSaidBefore() {
        var driver = opened()
        driver.speak(1)
        driver.session.flush()
        driver.speak(2)
        #expect(driver.send().samples == 3 * rate)
        #expect(driver.flushedAt == [rate])
        driver.receive(.flushed(.init(samples: rate, reason: .asked)))
        #expect(driver.takeEvents().last == .flushed(seconds: 1, .asked))
    }

    @Test func isSentAgainWhereTheServerMayNotHaveGotIt() {
        var driver = opened()
        driver.speak(1)
        driver.session.flush()
        driver.speak(1)
        driver.session.flush()
        driver.speak(1)
        _ = driver.send()
        #expect(driver.flushedAt == [rate, 2 * rate])
        driver.cut()
        driver.connectWhenDue()
        // It has got sound behind the first one, and so that too.
        driver.ready(resumeAt: 2 * rate)
        #expect(driver.send().samples == rate)
        #expect(driver.flushedAt == [0])
        driver.receive(.flushed(.init(samples: 2 * rate, reason: .asked)))
        driver.cut()
        driver.connectWhenDue()
        driver.ready(resumeAt: 2 * rate)
        #expect(driver.send().samples == rate && driver.flushedAt == [], "what is confirmed is not sent again")
    }

    @Test func isAtTheSamePlaceInANewSession() {
        var driver = opened()
        driver.speak(3)
        _ = driver.send()
        driver.receive(.ack(.init(samples: rate)))
        driver.session.flush()
        driver.cut()
        driver.connectWhenDue()
        driver.fail(.sessionNotFound)
        driver.connectWhenDue()
        driver.ready("b")
        #expect(driver.send().samples == 2 * rate && driver.flushedAt == [2 * rate])
        driver.receive(.flushed(.init(samples: 2 * rate, reason: .asked)))
        #expect(driver.takeEvents().last == .flushed(seconds: 3, .asked))
    }

    @Test func comesOnceWhenTheSourceIsSilent() {
        var driver = opened()
        driver.speak(1, mayPause: true)
        _ = driver.send()
        driver.wait(.seconds(1))
        _ = driver.send()
        #expect(driver.flushedAt == [])
        for pause in 1...3 {
            driver.wait(.seconds(1))
            _ = driver.send()
            #expect(driver.flushedAt == (pause == 1 ? [0] : []))
        }
        driver.receive(.flushed(.init(samples: rate, reason: .asked)))
        driver.wait(.seconds(9))
        _ = driver.send()
        #expect(driver.flushedAt == [])
        driver.speak(1, mayPause: true)
        driver.wait(.seconds(2))
        #expect(driver.send().samples == rate && driver.flushedAt == [rate])
    }

    @Test func aRecordingIsNeverSilent() {
        var driver = opened()
        driver.speak(1)
        driver.wait(.seconds(9))
        _ = driver.send()
        #expect(driver.flushedAt == [])
    }

    @Test func waitsForTheWindow() {
        var driver = opened()
        driver.speak(70)
        driver.session.flush()
        driver.session.finish()
        #expect(driver.send() == (60 * rate, false))
        driver.receive(.ack(.init(samples: 20 * rate)))
        #expect(driver.send() == (10 * rate, true))
        #expect(driver.flushedAt == [10 * rate])
    }

    @Test func aServerThatOwesItsAnswerMayNotBeSilentForEver() {
        var driver = opened()
        driver.speak(1)
        driver.session.flush()
        _ = driver.send()
        driver.wait(.seconds(61))
        #expect(!driver.session.isConnected)
    }
}
