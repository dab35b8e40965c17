import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import WebSockets

@Suite("A client", .timeLimit(.minutes(3)))
struct ClientTests {
    private func error(
        _ url: String, _ configuration: WebSocketConfiguration = .init(), subprotocols: [String] = []
    ) async -> WebSocketError? {
        await webSocketError {
            try await WebSocketClient.connect(
                url: url, subprotocols: subprotocols, configuration: configuration, logger: quiet
            ) { _, _ in }
        }
    }

    @Test("says that nobody answers where nobody does")
    func unreachable() async throws {
        let port = try await RawPeer.listening(script: { _ in }) { $0 }
        let error = await error("ws://127.0.0.1:\(port)/v1?token=secret")
        #expect(error?.code == .unreachable)
        #expect(
            error?.message
                == "no connection to ws://127.0.0.1:\(port)/v1: nobody answers there; "
                + "check the address and that the server runs")
        let unknown = await self.error("ws://nobody.invalid/")
        #expect(unknown?.code == .unreachable)
        #expect(unknown?.cause != nil)
    }

    @Test("gives up on a server that does not answer the handshake")
    func silentServer() async throws {
        try await RawPeer.listening(script: { await $0.readToEnd() }) { port in
            let error = await error("ws://127.0.0.1:\(port)", .init(connectTimeout: .milliseconds(50)))
            #expect(error?.code == .unreachable)
        }
    }

    @Test("stops trying when its task is cancelled")
    func cancelled() async throws {
        let asked = Events<Void>()
        let script: @Sendable (RawPeer) async throws -> Void = { peer in
            _ = try await peer.readHead()
            asked.send(())
            await peer.readToEnd()
        }
        try await RawPeer.listening(script: script) { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await WebSocketClient.connect(
                        url: "ws://127.0.0.1:\(port)", configuration: .init(connectTimeout: .seconds(600)),
                        logger: quiet
                    ) { _, _ in }
                }
                try await asked.next()
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test(
        "takes no other answer for a WebSocket",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n\r\n", WebSocketError.Code.badHandshake),
            ("UPGRADE\r\n", .badHandshake),
            ("HTTP/1.1 101 Hi\r\nUpgrade: websocket\r\nACCEPT\r\n\r\n", .badHandshake),
            ("UPGRADEACCEPT\r\nSec-WebSocket-Protocol: b\r\n\r\n", .badHandshake),
            ("UPGRADEACCEPT\r\nSec-WebSocket-Extensions: x\r\n\r\n", .badHandshake),
            ("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", .refused),
            ("HTTP/1.1 403 Forbidden\r\n\r\nwrong to", .refused),
            ("", .unreachable),
        ])
    func otherAnswers(answer: String, code: WebSocketError.Code) async throws {
        let script: @Sendable (RawPeer) async throws -> Void = { peer in
            let key = try await peer.readHead().firstMatch(of: /Sec-WebSocket-Key: (\S+)/)?.1 ?? ""
            let accept = HandshakeKey(String(key))?.accept ?? ""
            let upgrade = "HTTP/1.1 101 Hi\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            try await peer.send(
                answer.replacing("UPGRADE", with: upgrade)
                    .replacing("ACCEPT", with: "Sec-WebSocket-Accept: \(accept)"))
        }
        try await RawPeer.listening(script: script) { port in
            let error = await error("ws://127.0.0.1:\(port)", subprotocols: ["a"])
            #expect(error?.code == code)
            if answer.contains("403") { #expect(error?.refusal?.body == "wrong to", "as far as it came") }
        }
    }

    @Test("goes through TLS to a server whose certificate it is told to trust, by name and by number")
    func secure() async throws {
        try await serving { port in
            for host in ["localhost", "127.0.0.1"] {
                let answer = try await WebSocketClient.connect(
                    url: "wss://\(host):\(port)/echo", configuration: .init(trustedRoots: .pem(testCertificate)),
                    logger: quiet
                ) { inbound, outbound in
                    try await outbound.write(ByteBuffer(repeating: 1, count: 500_000))
                    return try await inbound.first { _ in true }
                }
                #expect(answer == .binary(ByteBuffer(repeating: 1, count: 500_000)))
            }
        }
    }

    @Test("does not trust a server only because it has a certificate")
    func untrusted() async throws {
        try await serving { port in
            let stranger = await error("wss://localhost:\(port)/")
            #expect(stranger?.code == .untrusted)
            #expect(stranger?.message.contains("certificate") == true)
            let wrongName = await error("wss://[::ffff:127.0.0.1]:\(port)/", .init(trustedRoots: .pem(testCertificate)))
            #expect(wrongName?.code == .untrusted)
            let plain = await error("ws://localhost:\(port)/")
            #expect(plain?.code == .badHandshake || plain?.code == .unreachable)
            let unreadable = await error("wss://localhost:\(port)/", .init(trustedRoots: .file("/nowhere.pem")))
            #expect(unreadable?.code == .untrusted)
        }
        try await TestServer.serving(handler: echo) { server in
            let noTLS = await error("wss://localhost:\(server.port)/")
            #expect(noTLS?.code == .untrusted)
        }
    }

    private func serving(_ body: (Int) async throws -> Void) async throws {
        let certificates = try NIOSSLCertificate.fromPEMBytes(Array(testCertificate.utf8)).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(bytes: Array(testKey.utf8), format: .pem)
        let tls = TLSConfiguration.makeServerConfiguration(certificateChain: certificates, privateKey: .privateKey(key))
        try await TestServer.deciding(tls: tls, shouldUpgrade: { _ in .accept(handler: echo) }) { server in
            try await body(server.port)
        }
    }
}

/// For localhost, signed by itself, good until 2120.
private let testCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBejCCASCgAwIBAgIURk3ojAB9lxNz7C4wLpIsCjdQumQwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
    MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAQggV0dNvF82X8iGTA+CyH5+CY/FYp5TQjNAk07CfEMGb0PvYWTC/ej
    MRokygEqJLKUMp/dHf/Na2MODBX/PXYso04wTDAaBgNVHREEEzARgglsb2NhbGhv
    c3SHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUVm0n+22AGbPGz1v7
    4jJmMB7Lym8wCgYIKoZIzj0EAwIDSAAwRQIhAImRTQeKRTNFBZWP8q8r+5pcCo8K
    5FHoikWox7NC6MOoAiBHDaiiQ5Io0VwS/mJAKq8B+j1D9XkqK3yStvQeU24W5w==
    -----END CERTIFICATE-----
    """

/// The key of the certificate for tests; everybody may know it.
private let testKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoCAceqA+hB564XCX
    numDAVl54kCfjBrcj861zfBYdqWhRANCAAQggV0dNvF82X8iGTA+CyH5+CY/FYp5
    TQjNAk07CfEMGb0PvYWTC/ejMRokygEqJLKUMp/dHf/Na2MODBX/PXYs
    -----END PRIVATE KEY-----
    """
