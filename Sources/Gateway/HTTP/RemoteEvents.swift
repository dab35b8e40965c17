internal import ContextStore
package import SoriProtocol

/// What a session at another gateway tells: the finals that are stored, and then what that gateway publishes.
package struct RemoteEvents: Sendable, AsyncSequence {
    private let finals: ToldFinals
    private let lastFinal: Int?
    private let events: StoreSubscription

    /// - Parameters:
    ///   - finals: those that are stored.
    ///   - lastFinal: number of the last utterance whose final the onlooker has; `nil` for none.
    ///   - events: began before the finals were read, so that nothing is missing between.
    init(finals: ToldFinals, after lastFinal: Int?, events: StoreSubscription) {
        self.finals = finals
        self.lastFinal = lastFinal
        self.events = events
    }

    /// Ends the sequence after what waits.
    func cancel() { events.cancel() }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(
            stored: finals.messages(after: lastFinal)[...], lastFinal: lastFinal ?? -1,
            events: events.makeAsyncIterator())
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var stored: ArraySlice<ServerMessage>
        fileprivate var lastFinal: Int
        fileprivate var events: AsyncStream<[UInt8]>.Iterator
        private var isOver = false

        fileprivate init(
            stored: ArraySlice<ServerMessage>, lastFinal: Int, events: AsyncStream<[UInt8]>.Iterator
        ) {
            (self.stored, self.lastFinal, self.events) = (stored, lastFinal, events)
        }

        package mutating func next() async -> ServerMessage? { await next(isolation: #isolation) }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> ServerMessage? {
            while let message = await nextOfAll(isolation: actor) {
                guard case .final(let final) = message else { return message }
                // A final may be stored and published.
                guard final.utterance > lastFinal else { continue }
                lastFinal = final.utterance
                return message
            }
            return nil
        }

        private mutating func nextOfAll(isolation actor: isolated (any Actor)?) async -> ServerMessage? {
            if let message = stored.popFirst() { return message }
            while !isOver, let event = await events.next(isolation: actor) {
                // What another version tells and this one does not know is left out.
                guard
                    let message = try? SoriProtocol.decode(
                        ServerMessage.self, from: String(decoding: event, as: UTF8.self))
                else {
                    continue
                }
                if case .finished = message { isOver = true }
                return message
            }
            return nil
        }
    }
}
