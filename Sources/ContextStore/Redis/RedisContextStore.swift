internal import Foundation

/// Keeps sessions in a Redis that all gateways share; see ``RedisKeys`` for what lies there.
///
/// There are two connections, each on a thread of its own: one for commands, one for subscriptions. They are made when
/// they are needed, and made again when they break. Sessions are only changed by scripts, which Redis runs whole.
package final class RedisContextStore: ContextStore {
    private let worker: RedisWorker
    private let board: SubscriptionBoard
    private let options: RedisOptions
    private let limits: StoreLimits
    /// Milliseconds, in digits.
    private let life: [UInt8]
    private let numbers = GrowingNumbers { Date().timeIntervalSince1970 }

    /// Starts the threads. Whether Redis can be reached, ``check()`` tells.
    ///
    /// - Parameter timeToLive: seconds until a session is forgotten, at least 0.001.
    /// - Throws: ``ContextStoreError/Code/threadUnavailable``.
    package init(
        _ options: RedisOptions, timeToLive: Double, limits: StoreLimits = StoreLimits()
    ) throws(ContextStoreError) {
        self.options = options
        self.limits = limits
        life = Self.digits(max(1, Int((timeToLive * 1000).rounded(.up))))
        let board = try SubscriptionBoard(limits: limits)
        self.board = board
        worker = try RedisWorker(options)
        try OSThread.start(name: "redis-events") { RedisListener(options, board).serve() }
    }

    deinit {
        board.close()
    }

    package func create(
        _ session: String, owner: String, record: [UInt8]
    ) async throws(ContextStoreError) -> Fence {
        try limits.check(owner: owner)
        try limits.check(record: record)
        let fence = numbers.next()
        let answer = try await run(
            .create, session, [Self.digits(fence), Array(owner.utf8), record, Self.digits(numbers.next())])
        guard answer.word == "ok" else { throw .alreadyExists(session) }
        return Fence(fence)
    }

    package func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        try limits.check(fence: fence)
        try limits.check(record: record)
        let answer = try await run(.save, session, [Self.digits(fence.value), record, Self.digits(numbers.next())])
        guard answer.word != "none" else { throw .notFound(session) }
    }

    package func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try limits.check(fence: fence)
        let answer = try await run(.renew, session, [Self.digits(fence.value)])
        guard answer.word != "none" else { throw .notFound(session) }
    }

    package func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        try limits.check(owner: owner)
        let channel = RedisKeys.channel(.takeovers(session))
        return try stored(
            session,
            await run(
                .takeOver, session, [Self.digits(numbers.next()), Array(owner.utf8), Array(channel.utf8)]))
    }

    package func restore(_ stored: StoredSession) async throws(ContextStoreError) {
        try limits.check(owner: stored.owner)
        try limits.check(fence: stored.fence)
        try limits.check(record: stored.record)
        let channel = RedisKeys.channel(.takeovers(stored.session))
        _ = try await run(
            .restore, stored.session,
            [
                Self.digits(stored.fence.value), Array(stored.owner.utf8), stored.record,
                Self.digits(numbers.next()), Array(channel.utf8),
            ])
    }

    package func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        try stored(session, await run(.read, session, []))
    }

    package func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try limits.check(fence: fence)
        _ = try await run(.remove, session, [Self.digits(fence.value)])
    }

    package func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] {
        let count = limits.listed(limit)
        guard count > 0 else { return [] }
        let arguments = [Self.digits(count), Array(RedisKeys.sessionPrefix.utf8)]
        let reply = try await worker.run { link throws(ContextStoreError) in
            try link.run(.list, keys: [RedisKeys.index], arguments: arguments)
        }
        return try RedisAnswer(reply, options.address).checked(RedisKeys.index).parts.compactMap(SessionSummary.init)
    }

    package func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        try limits.check(session: session)
        try limits.check(event: event)
        let command = ["PUBLISH", RedisKeys.channel(.events(session))].map { Array($0.utf8) } + [event]
        _ = try await worker.run { link throws(ContextStoreError) in try link.call(command) }
    }

    package func subscribe(
        _ subscription: StoreSubscription, to channel: StoreChannel
    ) async throws(ContextStoreError) {
        try limits.check(session: channel.session)
        let name = RedisKeys.channel(channel)
        try board.add(subscription.sink, to: name)
        await board.wait(for: name)
    }

    /// Writes a key of its own. Fails, too, when nothing is heard on the channels that somebody listens to.
    package func check() async throws(ContextStoreError) {
        let command = ["SET", RedisKeys.check, "1", "NX", "PX", "1000"].map { Array($0.utf8) }
        _ = try await worker.run { link throws(ContextStoreError) in try link.call(command) }
        if let failure = board.failure { throw failure }
    }

    /// Subscriptions that have not ended.
    package var subscriptionCount: Int { board.count }

    private func run(
        _ script: RedisScript, _ session: String, _ arguments: [[UInt8]]
    ) async throws(ContextStoreError) -> RedisAnswer {
        try limits.check(session: session)
        let keys = [RedisKeys.session(session), RedisKeys.index]
        let arguments = [Array(session.utf8), life] + arguments
        let reply = try await worker.run { link throws(ContextStoreError) in
            try link.run(script, keys: keys, arguments: arguments)
        }
        return try RedisAnswer(reply, options.address).checked(session)
    }

    private func stored(_ session: String, _ answer: RedisAnswer) throws(ContextStoreError) -> StoredSession? {
        guard answer.word == "ok" else { return nil }
        guard answer.parts.count == 3, let fence = answer.parts[0].number, let owner = answer.parts[1].text,
            case .bytes(let record) = answer.parts[2]
        else { throw .strangeAnswer(options.address) }
        return StoredSession(session: session, fence: Fence(fence), owner: owner, record: record)
    }

    private static func digits(_ number: Int) -> [UInt8] { Array(String(number).utf8) }
}
