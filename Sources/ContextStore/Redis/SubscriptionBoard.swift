internal import Locks

/// What subscribers want and the thread that listens to Redis knows: the one place where they meet.
final class SubscriptionBoard: Sendable {
    private struct State {
        var subscribers = SubscriberTable<String>()
        /// Channels that Redis has confirmed on the connection of now.
        var confirmed: Set<String> = []
        var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
        /// Why there is no connection, if one was tried.
        var failure: ContextStoreError?
        var isClosed = false

        mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
            defer { waiting = [:] }
            return waiting.values.flatMap(\.self)
        }
    }

    private let state = Guarded(State())
    private let limits: StoreLimits
    /// Wakes the thread when something has changed.
    let bell: WakePipe

    /// - Throws: ``ContextStoreError/Code/threadUnavailable`` when the process has no descriptors left.
    init(limits: StoreLimits) throws(ContextStoreError) {
        self.limits = limits
        bell = try WakePipe()
    }

    /// Why nothing is heard now; `nil` when all is well.
    var failure: ContextStoreError? { state.withLock(\.failure) }
    /// Whether nobody needs the thread any longer.
    var isClosed: Bool { state.withLock(\.isClosed) }
    /// Whether somebody listens.
    var isNeeded: Bool { state.withLock { $0.subscribers.count > 0 } }
    /// Whether somebody waits for Redis's confirmation.
    var isAwaited: Bool { state.withLock { !$0.waiting.isEmpty } }
    /// Subscriptions that have not ended.
    var count: Int { state.withLock(\.subscribers.count) }

    // MARK: - For subscribers

    /// Adds a subscriber, until its subscription ends.
    func add(_ sink: SubscriptionSink, to channel: String) throws(ContextStoreError) {
        let number = try state.withLock { (state) throws(ContextStoreError) in
            guard state.subscribers.count < limits.subscriptions else { throw limits.tooManySubscriptions }
            return state.subscribers.add(sink, to: channel)
        }
        bell.wake()
        sink.whenEnded { [weak self] in self?.remove(number, from: channel) }
    }

    /// Waits until Redis has confirmed that it will tell of a channel, or cannot be reached.
    func wait(for channel: String) async {
        await withCheckedContinuation { caller in
            let isOver = state.withLock { state in
                guard state.failure == nil, !state.confirmed.contains(channel),
                    state.subscribers.channels.contains(channel)
                else { return true }
                state.waiting[channel, default: []].append(caller)
                return false
            }
            if isOver { caller.resume() }
        }
    }

    /// Lets the thread go.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.wake()
    }

    private func remove(_ number: Int, from channel: String) {
        let waiting = state.withLock { state in
            state.subscribers.remove(number, from: channel)
            return state.subscribers.sinks(of: channel).isEmpty ? state.waiting.removeValue(forKey: channel) ?? [] : []
        }
        for caller in waiting { caller.resume() }
        bell.wake()
    }

    // MARK: - For the thread

    /// What has to be subscribed to, and what not any longer, when Redis was asked for `sent`.
    func changes(since sent: Set<String>) -> (new: Set<String>, old: Set<String>) {
        state.withLock { state in
            let wanted = state.subscribers.channels
            let old = sent.subtracting(wanted)
            state.confirmed.subtract(old)
            return (wanted.subtracting(sent), old)
        }
    }

    /// Nobody needs a connection.
    func rest() { state.withLock { $0.failure = nil } }

    /// There is no connection: nobody needs to wait for a confirmation.
    func isDown(_ error: ContextStoreError) {
        let waiting = state.withLock { state in
            state.failure = error
            state.confirmed = []
            return state.takeWaiting()
        }
        for caller in waiting { caller.resume() }
    }

    /// Redis has confirmed a channel.
    func confirm(_ channel: String) {
        let waiting = state.withLock { state in
            state.failure = nil
            state.confirmed.insert(channel)
            return state.waiting.removeValue(forKey: channel) ?? []
        }
        for caller in waiting { caller.resume() }
    }

    /// Something was told on a channel.
    func deliver(_ event: [UInt8], on channel: String) {
        for sink in state.withLock({ $0.subscribers.sinks(of: channel) }) { sink.offer(event) }
    }
}
