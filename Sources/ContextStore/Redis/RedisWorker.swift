/// A thread with a connection, which does one thing after the other.
final class RedisWorker: Sendable {
    private let mailbox: Mailbox<RedisLink>
    private let options: RedisOptions

    /// Starts the thread, which connects when there is something to do.
    ///
    /// - Throws: ``ContextStoreError/Code/threadUnavailable``.
    init(_ options: RedisOptions) throws(ContextStoreError) {
        let mailbox = Mailbox<RedisLink>(limit: options.queueLimit)
        self.mailbox = mailbox
        self.options = options
        // The thread must not hold the worker, or neither would ever go away.
        try OSThread.start(name: "redis") {
            mailbox.serve(RedisLink(options), idle: options.idleInterval) { $0.ping() }
        }
    }

    deinit {
        mailbox.close()
    }

    /// Does something on the thread, after everything before.
    func run<Output: Sendable>(
        _ work: @escaping @Sendable (RedisLink) throws(ContextStoreError) -> Output
    ) async throws(ContextStoreError) -> Output {
        let (options, posted) = (options, ContinuousClock.now)
        let result: Result<Output, ContextStoreError> = await withCheckedContinuation { caller in
            let fits = mailbox.post { link in
                // However slow Redis is, nobody waits long for others.
                guard .now - posted < options.connectTimeout + options.commandTimeout else {
                    return caller.resume(returning: .failure(.overloaded(options.address)))
                }
                caller.resume(returning: Result { () throws(ContextStoreError) in try work(link) })
            }
            if !fits {
                caller.resume(returning: .failure(.overloaded(options.address)))
            }
        }
        return try result.get()
    }
}
