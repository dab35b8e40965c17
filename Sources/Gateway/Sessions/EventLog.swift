internal import Locks
package import SoriProtocol

/// What a session has told, for any number of listeners, each at its own pace.
///
/// A slow listener costs bounded memory: of several partials of an utterance that wait for it only the newest is kept, and
/// one that falls hopelessly behind is let go. Finals are kept for those who come (back) later.
package final class EventLog: Sendable {
    /// Finals that are kept.
    static let keptFinals = 1000
    /// Messages that may wait for one listener.
    static let longestQueue = 2000

    private struct State {
        var finals = ToldFinals(limit: EventLog.keptFinals)
        var listeners: [Int: Subscription] = [:]
        var next = 0
        var end: ServerMessage?
        var isClosed = false
    }

    private let state = Guarded(State())

    /// - Parameter finals: those that were told before, at another gateway.
    package init(finals: ToldFinals? = nil) {
        state.withLock { $0.finals = finals?.keeping(Self.keptFinals) ?? $0.finals }
    }

    /// Tells all listeners.
    package func publish(_ message: ServerMessage) {
        let listeners = state.withLock { state in
            switch message {
            case .final(let final): state.finals.add(final)
            case .translation(let translation): state.finals.add(translation)
            case .finished: state.end = message
            default: break
            }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.push(message) }
    }

    /// A new listener, who first hears the finals that it has missed.
    ///
    /// - Parameter lastFinal: number of the last utterance whose final it has; `nil` for all that are kept.
    package func subscribe(after lastFinal: Int? = nil) -> Subscription {
        state.withLock { state in
            let subscription = Subscription(after: lastFinal ?? -1)
            for message in state.finals.messages(after: lastFinal) { subscription.push(message) }
            if let end = state.end { subscription.push(end) }
            if state.isClosed {
                subscription.end()
                return subscription
            }
            state.listeners[state.next] = subscription
            state.next += 1
            state.listeners = state.listeners.filter { !$0.value.isOver }
            return subscription
        }
    }

    /// Those who listen now.
    package var listenerCount: Int { state.withLock { $0.listeners.values.count { !$0.isOver } } }

    /// Nothing more comes: lets all listeners go once they have heard everything, and those who come later too.
    package func close() {
        let listeners = state.withLock { state in
            defer { (state.isClosed, state.listeners) = (true, [:]) }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.end() }
    }
}

/// One listener's messages, in order.
package final class Subscription: Sendable, AsyncSequence {
    package typealias Element = ServerMessage

    private struct State {
        var queue: [ServerMessage] = []
        var isOver = false
    }

    private let state = Guarded(State())
    private let signal: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    /// The listener has the finals up to this one. A gateway that goes on with a session of another one may decode them again.
    private let lastFinal: Int

    init(after lastFinal: Int = -1) {
        self.lastFinal = lastFinal
        (signal, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var isOver: Bool { state.withLock(\.isOver) }

    func push(_ message: ServerMessage) {
        if let utterance = message.utterance, utterance <= lastFinal { return }
        let fits = state.withLock { state in
            guard !state.isOver else { return true }
            if case .partial(let newer) = message, case .partial(let waiting)? = state.queue.last,
                newer.utterance == waiting.utterance
            {
                state.queue.removeLast()
            }
            state.queue.append(message)
            return state.queue.count <= EventLog.longestQueue
        }
        bell.yield()
        if !fits { end() }
    }

    /// Ends the sequence after what waits.
    package func end() {
        state.withLock { $0.isOver = true }
        bell.finish()
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(subscription: self, signal: signal.makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        let subscription: Subscription
        var signal: AsyncStream<Void>.Iterator

        package mutating func next() async -> ServerMessage? {
            while true {
                if let message = subscription.pop() { return message }
                guard await signal.next(isolation: #isolation) != nil else { return subscription.pop() }
            }
        }
    }

    private func pop() -> ServerMessage? {
        state.withLock { $0.queue.isEmpty ? nil : $0.queue.removeFirst() }
    }
}

extension ServerMessage {
    /// Number of the utterance whose text it brings; `nil` for other messages.
    fileprivate var utterance: Int? {
        switch self {
        case .partial(let partial): partial.utterance
        case .final(let final): final.utterance
        case .ready, .speech, .translation, .ack, .flushed, .notice, .error, .finished: nil
        }
    }
}
