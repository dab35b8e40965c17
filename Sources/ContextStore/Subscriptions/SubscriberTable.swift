/// Who listens to which channel.
struct SubscriberTable<Channel: Hashable & Sendable>: Sendable {
    private var sinks: [Channel: [Int: SubscriptionSink]] = [:]
    private var nextNumber = 0
    /// Subscriptions to all channels together.
    private(set) var count = 0

    /// Channels to which somebody listens.
    var channels: Set<Channel> { Set(sinks.keys) }

    /// Adds a subscriber, which is known by the number from then on.
    mutating func add(_ sink: SubscriptionSink, to channel: Channel) -> Int {
        nextNumber += 1
        sinks[channel, default: [:]][nextNumber] = sink
        count += 1
        return nextNumber
    }

    /// Removes a subscriber.
    mutating func remove(_ number: Int, from channel: Channel) {
        guard sinks[channel]?.removeValue(forKey: number) != nil else { return }
        count -= 1
        if sinks[channel]?.isEmpty == true { sinks[channel] = nil }
    }

    /// Those who listen to a channel.
    func sinks(of channel: Channel) -> [SubscriptionSink] {
        sinks[channel].map { Array($0.values) } ?? []
    }
}
