import ContextStore
import Foundation
import SoriTesting
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RedisTests {
    @Suite("behind a proxy for TLS", .enabled(if: TLSProxy.isInstalled))
    struct TLSProxyTests {
        @Test("works like one without", arguments: [ContextStoreContract.Clause.keepsRecords, .tellsEvents])
        func works(clause: ContextStoreContract.Clause) async throws {
            let proxy = try await TLSProxy(trusting: .itself)
            try await until("the proxy runs") { try? await proxy.store().check() }
            try await ContextStoreContract(proxy.store(), proxy.store(), timeToLive: 60) { _ in }.check(clause)
        }

        @Test("cannot be reached when the proxy does not trust it")
        func untrusted() async throws {
            let trusted = try await TLSProxy(trusting: .itself)
            try await until("a proxy runs") { try? await trusted.store().check() }
            let proxy = try await TLSProxy(trusting: .somebodyElse)
            try await until("the proxy runs") {
                await failure { try await proxy.store().check() }?.message.contains("refused") == false ? true : nil
            }
            #expect(await code { try await proxy.store().check() } == .unreachable)
        }
    }
}

/// A Redis that takes only TLS, and `stunnel` before it, which takes only what is not.
private final class TLSProxy {
    enum Trust {
        case itself, somebodyElse
    }

    static let isInstalled = ["/usr/bin/stunnel", "/usr/bin/openssl", "/usr/bin/redis-server"]
        .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    private let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString.prefix(8))")
    private let server: RedisServer
    private let process = Process()
    private let port: Int

    init(trusting trust: Trust) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["itself", "other"] { try Self.makeCertificate(folder, name) }
        let tlsPort = try RedisServer.freePort()
        let (key, certificate) = (folder.appending(path: "itself.key").path, folder.appending(path: "itself.pem").path)
        server = try await RedisServer(
            "--tls-port", "\(tlsPort)", "--tls-cert-file", certificate, "--tls-key-file", key,
            "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no")
        port = try RedisServer.freePort()
        let settings = """
            foreground = yes
            pid =
            [redis]
            client = yes
            accept = 127.0.0.1:\(port)
            connect = 127.0.0.1:\(tlsPort)
            verifyChain = yes
            checkIP = 127.0.0.1
            CAfile = \(folder.path)/\(trust == .itself ? "itself" : "other").pem
            """
        let file = folder.appending(path: "stunnel.conf")
        try Data(settings.utf8).write(to: file)
        process.executableURL = URL(filePath: "/usr/bin/stunnel")
        process.arguments = [file.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    func store() throws -> RedisContextStore { try server.store("redis://127.0.0.1:\(port)") }

    private static func makeCertificate(_ folder: URL, _ name: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.currentDirectoryURL = folder
        process.arguments =
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)"]
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(name).key", "-out", "\(name).pem"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
