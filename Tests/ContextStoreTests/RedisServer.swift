import CHiredis
import ContextStore
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A Redis of its own for a test, in a folder of its own; it ends with the last reference to it.
final class RedisServer {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-server")

    let port: Int
    private let folder = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString.prefix(8))")
    private let arguments: [String]
    private let password: String?
    private var process = Process()

    /// - Parameters:
    ///   - password: for its default user.
    ///   - arguments: in addition to those without which it would write files or be found by others.
    init(password: String? = nil, _ arguments: String...) async throws {
        port = try Self.freePort()
        self.password = password
        self.arguments = arguments + (password.map { ["--requirepass", $0] } ?? [])
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await start()
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Its address on the loopback interface.
    var address: String { "redis://\(password.map { ":\($0)@" } ?? "")127.0.0.1:\(port)" }
    /// Its address as a socket.
    var socketAddress: String { "redis+unix://\(socketPath)\(password.map { "?password=\($0)" } ?? "")" }
    private var socketPath: String { folder.appending(path: "redis.sock").path }

    /// A store there, which is quick to give up and to try again.
    func store(
        _ address: String? = nil, timeToLive: Double = 60, timeout: Duration = .seconds(1),
        idle: Duration = .seconds(15)
    ) throws -> RedisContextStore {
        try RedisContextStore(
            RedisOptions(
                RedisAddress(address ?? self.address), connectTimeout: timeout, commandTimeout: timeout,
                idleInterval: idle, pauses: .milliseconds(10)...(.milliseconds(100))),
            timeToLive: timeToLive)
    }

    /// Starts it (again), and waits until it answers.
    func start(waits: Bool = true) async throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/redis-server")
        process.arguments =
            ["--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", socketPath, "--dir", folder.path]
            + ["--save", "", "--repl-diskless-sync-delay", "0"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard waits else { return }
        try await until("Redis answers") { try? self.command("PING") }
    }

    /// Ends it as a crash would.
    func crash() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Does a command on a connection of its own.
    @discardableResult
    func command(_ words: String...) throws -> String {
        guard let context = redisConnectUnix(socketPath) else { throw Refused(reason: "no memory") }
        defer { redisFree(context) }
        guard context.pointee.err == 0 else { throw Refused(reason: "no connection") }
        let login = password.map { [["AUTH", $0]] } ?? []
        var answer = ""
        for words in login + [words] {
            let copies = words.map { strdup($0) }
            defer { for copy in copies { free(copy) } }
            var pointers = copies.map { UnsafePointer($0) }
            let reply = redisCommandArgv(context, Int32(words.count), &pointers, words.map(\.utf8.count))
            guard let reply else { throw Refused(reason: "no answer") }
            defer { freeReplyObject(reply) }
            let value = reply.assumingMemoryBound(to: redisReply.self).pointee
            let bytes = UnsafeRawBufferPointer(start: value.str, count: Int(value.len))
            answer = value.type == REDIS_REPLY_INTEGER ? "\(value.integer)" : String(decoding: bytes, as: UTF8.self)
            if value.type == REDIS_REPLY_ERROR { throw Refused(reason: answer) }
        }
        return answer
    }

    struct Refused: Error {
        let reason: String
    }

    /// A port on which nobody listens.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        try #require(status == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
