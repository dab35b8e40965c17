/// A connection that is made again when it breaks. Used on one thread.
///
/// While a pause between two tries lasts, everything fails at once with the last error, so that nobody waits for nothing.
final class RedisLink {
    private let options: RedisOptions
    private var connection: RedisConnection?
    private var pause: ReconnectPause
    private var lastError: ContextStoreError?
    /// What Redis calls the scripts, by their names; the same at every Redis.
    private var digests: [String: [UInt8]] = [:]

    /// Connects when there is something to do.
    init(_ options: RedisOptions) {
        self.options = options
        pause = ReconnectPause(options.pauses)
    }

    /// Does a command; what Redis says against it is thrown.
    func call(_ arguments: [[UInt8]]) throws(ContextStoreError) -> RedisReply {
        let reply = try exchange(arguments)
        if case .error(let text) = reply { throw .redis(text, options.address) }
        return reply
    }

    /// Runs a script.
    func run(_ script: RedisScript, keys: [String], arguments: [[UInt8]]) throws(ContextStoreError) -> RedisReply {
        let rest = [Array(String(keys.count).utf8)] + keys.map { Array($0.utf8) } + arguments
        let digest: [UInt8]
        if let known = digests[script.name] {
            digest = known
        } else {
            let text = try call([Array("SCRIPT".utf8), Array("LOAD".utf8), Array(script.text.utf8)]).text
            guard let text else { throw .strangeAnswer(options.address) }
            digest = Array(text.utf8)
            digests[script.name] = digest
        }
        let reply = try exchange([Array("EVALSHA".utf8), digest] + rest)
        // A Redis that was started meanwhile does not know it yet.
        guard case .error(let text) = reply, text.hasPrefix("NOSCRIPT") else {
            if case .error(let text) = reply { throw .redis(text, options.address) }
            return reply
        }
        return try call([Array("EVAL".utf8), Array(script.text.utf8)] + rest)
    }

    /// Notices in idle times that Redis has gone, so that the connection is there again when it is needed.
    func ping() {
        guard connection != nil else { return }
        _ = try? exchange([Array("PING".utf8)])
    }

    private func exchange(_ arguments: [[UInt8]]) throws(ContextStoreError) -> RedisReply {
        do {
            return try ready().call(arguments)
        } catch {
            if connection != nil { fail(error) }
            throw error
        }
    }

    private func ready() throws(ContextStoreError) -> RedisConnection {
        if let connection, !connection.isStale { return connection }
        connection = nil
        if let lastError, let end = pause.end, .now < end { throw lastError }
        do {
            let connection = try RedisConnection(options)
            self.connection = connection
            pause.succeeded()
            return connection
        } catch {
            fail(error)
            throw error
        }
    }

    private func fail(_ error: ContextStoreError) {
        connection = nil
        lastError = error
        pause.failed(at: .now)
    }
}
