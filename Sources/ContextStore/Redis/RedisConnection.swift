internal import CHiredis
internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A connection to Redis: used on one thread, and of no use any longer after an error.
final class RedisConnection {
    private let context: UnsafeMutablePointer<redisContext>
    private let options: RedisOptions

    /// Connects and logs in.
    ///
    /// - Throws: ``ContextStoreError/Code/unreachable``, ``ContextStoreError/Code/accessDenied``, or what Redis has
    ///   against the database.
    init(_ options: RedisOptions) throws(ContextStoreError) {
        self.options = options
        let address = options.address
        let timeout = timeval(options.connectTimeout)
        let made =
            switch address.endpoint {
            case .tcp(let host, let port): redisConnectWithTimeout(host, Int32(port), timeout)
            case .unix(let path): redisConnectUnixWithTimeout(path, timeout)
            }
        guard let made else { throw .unreachable(address, "no memory is left") }
        context = made
        guard made.pointee.err == 0 else { throw failure }
        // For each piece; for all pieces together, there are limits below.
        redisSetTimeout(made, timeval(options.commandTimeout))
        // Programs that this one starts have no business on it.
        _ = fcntl(made.pointee.fd, F_SETFD, FD_CLOEXEC)
        if let password = address.password {
            try confirm([Array("AUTH".utf8)] + [address.user, password].compactMap { $0.map { Array($0.utf8) } })
        }
        if address.database > 0 { try confirm(["SELECT", String(address.database)].map { Array($0.utf8) }) }
    }

    deinit {
        redisFree(context)
    }

    /// For waiting until something comes.
    var descriptor: Int32 { context.pointee.fd }

    /// Whether Redis has closed the connection. Only when no answer is due.
    var isStale: Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) != 0
    }

    /// Sends a command and waits for the answer.
    ///
    /// - Throws: ``ContextStoreError/Code/unreachable``. What Redis says against the command is an answer.
    func call(_ arguments: [[UInt8]]) throws(ContextStoreError) -> RedisReply {
        let end = ContinuousClock.now + options.commandTimeout
        try send(arguments)
        while true {
            try waitForInput(until: end)
            if let reply = try receive().first { return reply }
        }
    }

    /// Sends a command whose answer comes with ``receive()``.
    func send(_ arguments: [[UInt8]]) throws(ContextStoreError) {
        let end = ContinuousClock.now + options.commandTimeout
        guard arguments.withPointers({ redisAppendCommandArgv(context, $0, $1, $2) }) == REDIS_OK else { throw failure }
        var isDone: Int32 = 0
        while isDone == 0 {
            guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw failure }
            guard isDone != 0 || .now < end else { throw late }
        }
    }

    /// Reads what has come, which may be a part of an answer, or several. Waits when nothing has come.
    func receive() throws(ContextStoreError) -> [RedisReply] {
        guard redisBufferRead(context) == REDIS_OK else { throw failure }
        var replies: [RedisReply] = []
        while true {
            var answer: UnsafeMutableRawPointer?
            guard redisGetReplyFromReader(context, &answer) == REDIS_OK else { throw failure }
            guard let answer else { return replies }
            defer { freeReplyObject(answer) }
            replies.append(RedisReply(answer.assumingMemoryBound(to: redisReply.self)))
        }
    }

    private func confirm(_ arguments: [[UInt8]]) throws(ContextStoreError) {
        if case .error(let text) = try call(arguments) { throw .redis(text, options.address) }
    }

    private func waitForInput(until end: ContinuousClock.Instant) throws(ContextStoreError) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var count: Int32 = -1
        while count < 0 {
            let milliseconds = ((end - .now) / .milliseconds(1)).rounded(.up)
            guard milliseconds > 0 else { throw late }
            count = poll(&polled, 1, Int32(min(milliseconds, 1e9)))
            guard count >= 0 || errno == EINTR else {
                throw .unreachable(options.address, String(cString: strerror(errno)))
            }
        }
        if count == 0 { throw late }
    }

    private var late: ContextStoreError {
        .unreachable(options.address, "no answer within \(options.commandTimeout / .seconds(1)) s")
    }

    private var failure: ContextStoreError {
        let reason = withUnsafeBytes(of: context.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return reason == String(cString: strerror(EAGAIN)) ? late : .unreachable(options.address, reason)
    }
}

extension timeval {
    /// At least a microsecond, because C takes nothing for without end.
    fileprivate init(_ duration: Duration) {
        let microseconds = max(1, Int((duration / .microseconds(1)).rounded()))
        self.init()
        tv_sec = .init(microseconds / 1_000_000)
        tv_usec = .init(microseconds % 1_000_000)
    }
}

extension [[UInt8]] {
    /// Calls C with the arguments' number, their bytes and their lengths.
    fileprivate func withPointers<Output>(
        _ body: (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int>?) -> Output
    ) -> Output {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(reduce(1) { $0 + $1.count })
        for argument in self { bytes += argument }
        // Not empty, so that there is an address.
        bytes.append(0)
        let lengths = map(\.count)
        return bytes.withUnsafeBytes { bytes in
            var place = bytes.baseAddress
            var pointers: [UnsafePointer<CChar>?] = lengths.map { length in
                defer { place = place?.advanced(by: length) }
                return place?.assumingMemoryBound(to: CChar.self)
            }
            return body(Int32(count), &pointers, lengths)
        }
    }
}
