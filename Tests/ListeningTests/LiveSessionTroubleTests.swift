import HTTPTypes
import Listening
import SoriProtocol
import Testing
import WebSockets

@Suite struct LiveSessionTroubleTests {
    @Test func theFirstAttemptIsAtOnceAndTheLaterOnesTakeLonger() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.wait(.seconds(6))
        driver.cut()
        #expect(driver.session.connect(at: driver.now) == true, "at once")
        var longest = Duration.zero
        for _ in 0..<20 {
            driver.cut()
            let before = driver.now
            while !driver.session.connect(at: driver.now) { driver.now += .milliseconds(10) }
            longest = max(longest, driver.now - before)
            #expect(driver.now - before <= .milliseconds(10_010))
            #expect(driver.now - before >= .milliseconds(250))
        }
        #expect(longest > .seconds(1))
    }

    @Test func aServerThatNeverAnsweredIsSoonGivenUp() {
        var driver = SessionDriver()
        while driver.session.outcome == nil {
            driver.connectWhenDue()
            driver.cut()
        }
        #expect(driver.session.outcome == .failed(LiveError("cut")))
        #expect(driver.now <= .seconds(5))
    }

    @Test func aSessionIsTriedAsLongAsItsSoundIsKept() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(1)
        _ = driver.send()
        driver.receive(.ack(.init(samples: 100)))
        while driver.session.outcome == nil, driver.now < .seconds(1_000) {
            driver.cut()
            driver.connectWhenDue()
        }
        #expect(driver.session.outcome == .failed(LiveError("cut")))
        #expect((Duration.seconds(580)...Duration.seconds(600)).contains(driver.now))
    }

    @Test func progressRenewsPatience() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        for round in 1...20 {
            driver.speak(1)
            _ = driver.send()
            driver.receive(.ack(.init(samples: round * SessionDriver.format.sampleRate)))
            driver.wait(.seconds(100))
            driver.cut()
            driver.connectWhenDue()
            driver.ready(resumeAt: round * SessionDriver.format.sampleRate)
        }
        #expect(driver.session.outcome == nil)
        #expect(driver.now >= .seconds(2_000))
    }

    @Test func aFullServerIsAskedAgainWhenItSays() {
        var driver = SessionDriver()
        driver.connect()
        driver.fail(.tooManySessions, retryAfter: 7)
        #expect(driver.takeEvents().last == .status(.waiting(at: .seconds(7), reason: "the server says: no")))
        driver.wait(.milliseconds(6_999))
        #expect(driver.session.connect(at: driver.now) == false)
        driver.wait(.milliseconds(1))
        #expect(driver.session.connect(at: driver.now) == true)
    }

    @Test(arguments: [
        ErrorCode.unauthorized, .originNotAllowed, .badStart, .badMessage, .unsupportedAudio, .messageTooLarge,
    ])
    func whatOnlyAPersonCanPutRightIsTold(code: ErrorCode) {
        var driver = SessionDriver()
        driver.connect()
        driver.fail(code)
        #expect(driver.session.outcome == .failed(LiveError("the server says: no")))
        #expect(!driver.session.isConnected)
    }

    @Test(arguments: [ErrorCode.noWorkerReady, .idleTimeout, .internalError, .init(rawValue: "new")])
    func whatMayPassIsTriedAgain(code: ErrorCode) {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.fail(code)
        #expect(driver.session.outcome == nil)
        #expect(driver.connectWhenDue()?.session == "a")
    }

    @Test func aServerThatNeverGetsReadyIsLeft() {
        var driver = SessionDriver()
        driver.connect()
        driver.wait(.seconds(21))
        #expect(!driver.session.isConnected)
    }

    @Test func aServerThatOwesAnAnswerIsLeft() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(1)
        _ = driver.send()
        driver.wait(.seconds(300))
        #expect(driver.session.isConnected, "while people are silent, a server may be, too")
        driver.session.finish()
        _ = driver.send()
        driver.wait(.seconds(59))
        #expect(driver.session.isConnected)
        driver.wait(.seconds(2))
        #expect(!driver.session.isConnected)
    }

    @Test func aSessionThatTheServerEndsIsFollowedByAnother() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        driver.speak(1)
        _ = driver.send()
        driver.receive(.finished(.init(samples: 8_000)))
        #expect(driver.session.outcome == nil)
        let start = driver.connectWhenDue()
        #expect(start != nil && start?.session == nil)
    }

    @Test func whoeverWaitsForTheEndTriesAtOnce() {
        var driver = SessionDriver()
        driver.connect()
        driver.ready()
        for _ in 0..<5 {
            driver.cut()
            driver.connectWhenDue()
        }
        driver.cut()
        #expect(driver.session.connect(at: driver.now) == false)
        driver.session.finish()
        #expect(driver.session.connect(at: driver.now) == true)
    }

    @Test func overflowsAreCounted() {
        var driver = SessionDriver()
        driver.session.overflowed(0)
        driver.session.overflowed(2)
        driver.session.overflowed(1)
        #expect(driver.session.takeEvents() == [.overflow(count: 2), .overflow(count: 3)])
    }
}

@Suite struct DisconnectionTests {
    private func remedy(_ code: WebSocketError.Code, wasReady: Bool) -> Disconnection.Remedy {
        Disconnection(WebSocketError(code, "x"), wasReady: wasReady).remedy
    }

    private func remedy(_ status: Int, _ after: String? = nil, wasReady: Bool = false) -> Disconnection.Remedy {
        var refusal = WebSocketError.Refusal(status: .init(code: status))
        if let after { refusal = .init(status: .init(code: status), headers: [.retryAfter: after]) }
        return Disconnection(WebSocketError(refusal, address: "ws://x"), wasReady: wasReady).remedy
    }

    @Test func theNetworkIsTriedAgain() {
        for code in [WebSocketError.Code.unreachable, .connectionLost, .peerSilent, .protocolViolation] {
            #expect(remedy(code, wasReady: false) == .retry(seconds: nil))
        }
    }

    @Test func aWrongAddressIsNotUnlessItWasRightBefore() {
        #expect(remedy(.badAddress, wasReady: false) == .fail)
        for code in [WebSocketError.Code.badHandshake, .untrusted] {
            #expect(remedy(code, wasReady: false) == .fail)
            #expect(remedy(code, wasReady: true) == .retry(seconds: nil), "a hotel's network stands between")
        }
        #expect(remedy(404) == .fail)
        #expect(remedy(404, wasReady: true) == .retry(seconds: nil))
    }

    @Test func statusesAreUnderstood() {
        #expect(remedy(401, wasReady: true) == .fail)
        #expect(remedy(503, "12") == .wait(seconds: 12))
        #expect(remedy(429, "soon") == .wait(seconds: nil))
        #expect(remedy(502) == .retry(seconds: nil))
    }
}
