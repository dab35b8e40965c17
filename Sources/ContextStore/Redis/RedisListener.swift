/// A connection to Redis on which nothing is done but listening, made again when it breaks. Used on one thread.
final class RedisListener {
    private let options: RedisOptions
    private let board: SubscriptionBoard
    private var pause: ReconnectPause

    /// Connects when somebody wants to hear something.
    init(_ options: RedisOptions, _ board: SubscriptionBoard) {
        self.options = options
        self.board = board
        pause = ReconnectPause(options.pauses)
    }

    /// The thread's whole life.
    func serve() {
        while !board.isClosed {
            guard board.isNeeded else {
                board.rest()
                _ = board.bell.wait(for: nil, until: nil)
                continue
            }
            do {
                try listen()
            } catch {
                board.isDown(error)
                pause.failed(at: .now)
                while !board.isClosed, let end = pause.end, .now < end {
                    _ = board.bell.wait(for: nil, until: end)
                }
            }
        }
    }

    /// Listens on a new connection until nobody needs it, or it breaks.
    private func listen() throws(ContextStoreError) {
        let connection = try RedisConnection(options)
        pause.succeeded()
        var sent: Set<String> = []
        var answerDue: ContinuousClock.Instant?
        var idleUntil = ContinuousClock.now + options.idleInterval
        while !board.isClosed {
            let (new, old) = board.changes(since: sent)
            for (command, channels) in [("UNSUBSCRIBE", old), ("SUBSCRIBE", new)] where !channels.isEmpty {
                try connection.send([Array(command.utf8)] + channels.map { Array($0.utf8) })
                answerDue = answerDue ?? .now + options.commandTimeout
            }
            sent = sent.subtracting(old).union(new)
            if sent.isEmpty { board.rest() }
            switch board.bell.wait(for: connection.descriptor, until: answerDue ?? idleUntil) {
            case .woken: break
            case .readable:
                for reply in try connection.receive() { try take(reply) }
                idleUntil = .now + options.idleInterval
                answerDue = board.isAwaited ? .now + options.commandTimeout : nil
            case .timedOut:
                guard answerDue == nil else { throw .unreachable(options.address, "no answer in time") }
                try connection.send([Array("PING".utf8)])
                answerDue = .now + options.commandTimeout
            }
        }
    }

    private func take(_ reply: RedisReply) throws(ContextStoreError) {
        if case .error(let text) = reply { throw .redis(text, options.address) }
        guard case .list(let parts) = reply, parts.count == 3, let channel = parts[1].text else { return }
        switch (parts[0].text, parts[2]) {
        case ("subscribe", _): board.confirm(channel)
        case ("message", .bytes(let event)): board.deliver(event, on: channel)
        default: break
        }
    }
}
