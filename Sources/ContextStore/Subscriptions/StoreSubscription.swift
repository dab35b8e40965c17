/// One subscriber's events, in order. It ends when the subscriber cancels it, is cancelled, or forgets it.
package struct StoreSubscription: Sendable, AsyncSequence {
    /// An event.
    package typealias Element = [UInt8]

    /// Events that may wait if nobody says otherwise.
    package static let standardBuffer = 256

    private let stream: AsyncStream<[UInt8]>
    /// Where stores put what comes. They must not hold the subscription itself, which would then never be forgotten.
    let sink: SubscriptionSink

    /// Creates a subscription that hears nothing yet; see ``ContextStore/subscribe(_:to:)``.
    ///
    /// - Parameter buffer: events that may wait, at least 1; of more, the oldest are lost.
    package init(buffer: Int = Self.standardBuffer) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingNewest(Swift.max(buffer, 1)))
        self.stream = stream
        sink = SubscriptionSink(continuation)
    }

    /// Events that were lost because too many waited.
    package var missedCount: Int { sink.missedCount }

    /// Ends the sequence after what waits.
    package func cancel() { sink.end() }

    package func makeAsyncIterator() -> AsyncStream<[UInt8]>.Iterator { stream.makeAsyncIterator() }
}

/// New owners of a session, with growing fences.
package struct Takeovers: Sendable, AsyncSequence {
    private let subscription: StoreSubscription

    /// Reads what a subscription to ``StoreChannel/takeovers(_:)`` hears.
    init(_ subscription: StoreSubscription) {
        self.subscription = subscription
    }

    /// Ends the sequence after what waits.
    package func cancel() { subscription.cancel() }

    package func makeAsyncIterator() -> Iterator { Iterator(base: subscription.makeAsyncIterator()) }

    /// Leaves out what is no news.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncStream<[UInt8]>.Iterator
        private var newest: Fence?

        fileprivate init(base: AsyncStream<[UInt8]>.Iterator) {
            self.base = base
        }

        package mutating func next() async -> Takeover? {
            // The same may be told by two stores, and anything else by somebody who has found the channel.
            while let bytes = await base.next(isolation: #isolation) {
                guard let takeover = Takeover(bytes), newest.map({ $0 < takeover.fence }) ?? true else { continue }
                newest = takeover.fence
                return takeover
            }
            return nil
        }
    }
}
