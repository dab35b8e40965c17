import Testing
import WebSockets

@Suite("What a connection knows of its end")
struct LinkStateTests {
    @Test("A goodbye is sent once, and nothing after it")
    func goodbye() {
        var state = LinkState()
        #expect(state.closingError == nil)
        #expect(state.close(with: .init(.normal)) == true)
        #expect(state.close(with: .init(.goingAway)) == false)
        #expect(state.sentClose?.code == .normal)
        #expect(state.closingError?.code == .closed)
    }

    @Test("A goodbye is answered with its code, and nothing else is sent then")
    func answer() {
        var state = LinkState()
        #expect(state.received(.init(.goingAway, reason: "shutdown")) == .init(.goingAway))
        #expect(state.peerClose?.reason == "shutdown")
        #expect(state.closingError?.code == .closed)
        #expect(state.close(with: .init(.goingAway)) == true, "the answer")
    }

    @Test("The first failure counts, and none after a goodbye")
    func failure() {
        var state = LinkState()
        state.fail(.init(.peerSilent, ""))
        state.fail(.init(.connectionLost, ""))
        #expect(state.failure?.code == .peerSilent)
        #expect(state.closingError?.code == .peerSilent)
        var closed = LinkState()
        _ = closed.close(with: .init(.normal))
        closed.fail(.init(.connectionLost, ""))
        #expect(closed.failure == nil)
    }

    @Test("A peer is silent if nothing has come since, unless the handler kept it from being heard")
    func silence() {
        var state = LinkState()
        let pulse = state.pulse
        #expect(state.isSilent(since: pulse))
        state.heard()
        #expect(!state.isSilent(since: pulse))
        let later = state.pulse
        state.handler(isBusy: true)
        #expect(!state.isSilent(since: later))
        let busy = state.pulse
        #expect(!state.isSilent(since: busy))
        state.handler(isBusy: false)
        #expect(!state.isSilent(since: busy), "the peer gets its time again")
        #expect(state.isSilent(since: state.pulse))
    }
}

@Suite("The requests and answers of a connection")
struct HTTPExchangesTests {
    @Test("A client is waited for before, between and within requests, not while it waits")
    func awaited() {
        var exchanges = HTTPExchanges()
        #expect(exchanges.awaited == .firstRequest)
        exchanges.receivedHead(.http)
        #expect(exchanges.awaited == .restOfRequest)
        #expect(exchanges.receivedEnd() == true)
        #expect(exchanges.awaited == nil)
        #expect(exchanges.answers(status: 200) == .pass)
        #expect(exchanges.answered() == false)
        #expect(exchanges.awaited == .anotherRequest)
    }

    @Test("A WebSocket begins with the answer to the request that asked for it, behind those before")
    func upgrade() {
        var exchanges = HTTPExchanges()
        exchanges.receivedHead(.http)
        #expect(exchanges.receivedEnd() == true)
        exchanges.receivedHead(.webSocket)
        #expect(exchanges.receivedEnd() == false, "held back")
        #expect(!exchanges.mayRead)
        #expect(exchanges.answers(status: 200) == .pass)
        #expect(exchanges.answered() == false)
        #expect(exchanges.answers(status: 101) == .upgrade)
        #expect(exchanges.isUpgraded && exchanges.mayRead)
        #expect(exchanges.awaited == nil)
        #expect(exchanges.quiesce() == false, "it says goodbye on its own")
    }

    @Test("A refused WebSocket ends the connection, and its request ends before the answer does")
    func refusal() {
        var exchanges = HTTPExchanges()
        exchanges.receivedHead(.webSocket)
        #expect(exchanges.receivedEnd() == false)
        #expect(exchanges.answers(status: 103) == .pass)
        #expect(exchanges.answers(status: 403) == .passAsLast(releasesEnd: true))
        #expect(exchanges.answered() == true)
    }

    @Test("A request for another protocol is the last one")
    func otherProtocol() {
        var exchanges = HTTPExchanges()
        exchanges.receivedHead(.other)
        #expect(exchanges.mayRead, "its body")
        #expect(exchanges.receivedEnd() == true)
        #expect(!exchanges.mayRead)
        #expect(exchanges.answers(status: 200) == .passAsLast(releasesEnd: false))
        #expect(exchanges.answered() == true)
    }

    @Test("A server that stops finishes what it has begun")
    func quiescing() {
        var idle = HTTPExchanges()
        #expect(idle.quiesce() == true)
        var busy = HTTPExchanges()
        busy.receivedHead(.http)
        _ = busy.receivedEnd()
        #expect(busy.quiesce() == false)
        #expect(busy.answers(status: 200) == .passAsLast(releasesEnd: false))
        #expect(busy.answered() == true)
    }

    @Test("What is no request is answered, and ends the connection")
    func nonsense() {
        var exchanges = HTTPExchanges()
        #expect(exchanges.answers(status: 400) == .pass)
        #expect(exchanges.answered() == true)
    }
}
