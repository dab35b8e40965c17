/// How far a connection has come: who has said goodbye, and whether the peer shows signs of life.
package struct LinkState {
    /// What was sent to close the connection.
    package private(set) var sentClose: WebSocketClose?
    /// What the peer sent to close the connection.
    package private(set) var peerClose: WebSocketClose?
    /// Why the connection ended, if not by a goodbye.
    package private(set) var failure: WebSocketError?
    private var signsOfLife = 0
    private var isHandlerBusy = false

    package init() {}

    /// The error for something that is to be sent now, or nil if it may be.
    package var closingError: WebSocketError? {
        if let failure { return failure }
        return sentClose == nil && peerClose == nil ? nil : .closed
    }

    /// Notes a goodbye; false if there was one before, so that it must not be sent.
    package mutating func close(with close: WebSocketClose) -> Bool {
        guard sentClose == nil else { return false }
        sentClose = close
        return true
    }

    /// Notes the peer's goodbye, and returns what it is answered with.
    package mutating func received(_ close: WebSocketClose) -> WebSocketClose {
        if peerClose == nil { peerClose = close }
        return WebSocketClose(close.code)
    }

    /// Notes why the connection ended. The first reason counts, and none after a goodbye.
    package mutating func fail(_ error: WebSocketError) {
        guard failure == nil, sentClose == nil, peerClose == nil else { return }
        failure = error
    }

    /// Notes that something came from the peer.
    package mutating func heard() {
        signsOfLife += 1
    }

    /// Notes whether reading waits for the handler. Meanwhile, silence says nothing about the peer.
    package mutating func handler(isBusy: Bool) {
        isHandlerBusy = isBusy
        signsOfLife += 1
    }

    /// The number to compare later with ``isSilent(since:)``.
    package var pulse: Int { signsOfLife }

    /// Whether nothing has come since then, although it would have been seen.
    package func isSilent(since pulse: Int) -> Bool {
        signsOfLife == pulse && !isHandlerBusy
    }
}
