/// Where an HTTP/1.1 connection of a server stands in its requests and answers, and when it becomes a WebSocket.
package struct HTTPExchanges {
    /// What a request's head says of the protocol that is to be spoken afterwards.
    package enum Wish {
        case http
        /// A WebSocket, with a request that has no body.
        case webSocket
        /// Another protocol, which is not offered. NIO's decoder stops after such a request all the same.
        case other
    }

    /// What to do with an answer's head.
    package enum Answer: Equatable {
        case pass
        /// Tell the client that the connection ends with this answer. If `releasesEnd`, the end of the request that was
        /// held back is to be passed on now.
        case passAsLast(releasesEnd: Bool)
        /// What follows are the bytes of frames.
        case upgrade
    }

    /// What is awaited from the client.
    package enum Awaited {
        case firstRequest, anotherRequest, restOfRequest
    }

    /// Whether the connection has become a WebSocket.
    package private(set) var isUpgraded = false
    /// Whether the server stops.
    package private(set) var isQuiescing = false
    private var answersDue = 0
    private var hasBegun = false
    private var isReceiving = false
    private var wish = Wish.http
    private var holdsEnd = false

    package init() {}

    /// What the client is waited for, or nil if it is the client that waits.
    package var awaited: Awaited? {
        if isUpgraded { return nil }
        if answersDue == 0 { return hasBegun ? .anotherRequest : .firstRequest }
        return isReceiving ? .restOfRequest : nil
    }

    /// Whether bytes may be read. After a request for another protocol the decoder would only pile them up.
    package var mayRead: Bool { isUpgraded || isReceiving || wish == .http }

    private var isLast: Bool { isQuiescing || wish != .http }

    /// Notes the head of a request.
    package mutating func receivedHead(_ wish: Wish) {
        answersDue += 1
        hasBegun = true
        isReceiving = true
        self.wish = wish
    }

    /// Notes the end of a request, and returns whether to pass it on.
    ///
    /// That of a WebSocket's is held back: the frames follow as its body.
    package mutating func receivedEnd() -> Bool {
        isReceiving = false
        holdsEnd = wish == .webSocket
        return !holdsEnd
    }

    /// Notes the head of an answer.
    package mutating func answers(status: Int) -> Answer {
        let isLatest = answersDue == 1
        if status == 101, isLatest, holdsEnd {
            holdsEnd = false
            isUpgraded = true
            return .upgrade
        }
        guard status >= 200, isLatest, isLast else { return .pass }
        defer { holdsEnd = false }
        return .passAsLast(releasesEnd: holdsEnd)
    }

    /// Notes the end of an answer, and returns whether to close the connection behind it.
    package mutating func answered() -> Bool {
        // What is no request is answered too; nothing sensible can follow it.
        guard answersDue > 0 else { return true }
        answersDue -= 1
        return answersDue == 0 && isLast
    }

    /// Notes that the server stops, and returns whether to close the connection now.
    ///
    /// Exchanges are finished. A WebSocket says goodbye on its own.
    package mutating func quiesce() -> Bool {
        isQuiescing = true
        return answersDue == 0 && !isUpgraded
    }
}
