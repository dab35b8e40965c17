import AccessTokens
import Foundation
import JWTKit
import Testing

@Suite("Tokens that others sign")
final class SignedTokensTests: Sendable {
    private static let secret = "a secret of thirty-two characters"
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private let key = ES256PrivateKey()

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What is signed; any claim may be missing.
    private struct Payload: JWTPayload {
        var aud: String? = "sori"
        var exp: Date? = Date(timeIntervalSinceNow: 3600)
        var nbf: Date?
        var sub: String? = "haneul"
        var permission: String? = "speak"
        var session: String?
        var sessions: Int?

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    private func shared() async throws -> SignedTokens {
        try await SignedTokens(keys: nil, secret: Self.secret, audience: "sori")
    }

    private func sign(_ payload: Payload, secret: String = SignedTokensTests.secret) async throws -> String {
        let keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        return try await keys.sign(payload)
    }

    @Test("what the claims say is granted")
    func claims() async throws {
        let tokens = try await shared()
        let speaker = try await sign(.init(sessions: 3))
        #expect(
            await tokens.grant(for: speaker)
                == Grant(holder: "jwt:haneul", permission: .speak, session: nil, sessions: 3))
        let watcher = try await sign(.init(permission: "watch", session: "abc"))
        let grant = try #require(await tokens.grant(for: watcher))
        #expect(grant.allows(.watch, session: "abc") && !grant.allows(.watch, session: "def") && !grant.allows(.speak))
    }

    @Test("whatever is missing, old, too young, or for somebody else grants nothing")
    func refused() async throws {
        let tokens = try await shared()
        let bad: [Payload] = [
            .init(aud: nil), .init(aud: "another"), .init(exp: nil), .init(exp: Date(timeIntervalSinceNow: -1)),
            .init(nbf: Date(timeIntervalSinceNow: 60)), .init(sub: nil), .init(permission: nil),
            .init(permission: "everything"), .init(sessions: 0),
        ]
        for payload in bad {
            let token = try await sign(payload)
            #expect(await tokens.grant(for: token) == nil, "\(payload)")
        }
        let foreign = try await sign(.init(), secret: "another secret of thirty-two chars")
        #expect(await tokens.grant(for: foreign) == nil)
        let good = try await sign(.init())
        let parts = good.split(separator: ".").map(String.init)
        func encoded(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=", with: "")
        }
        for forged in [
            "\(encoded(#"{"alg":"none","typ":"JWT"}"#)).\(parts[1]).",
            "\(encoded(#"{"alg":"none"}"#)).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1]).AAAA", "..", "a.b.c",
            String(repeating: "a.", count: 9000),
        ] {
            #expect(await tokens.grant(for: forged) == nil, "\(forged.prefix(80))")
        }
        #expect(await tokens.grant(for: good) != nil)
    }

    @Test("keys of a set count, each for its own kind of signature")
    func keySet() async throws {
        let point = try #require(key.publicKey.parameters)
        let file = folder.appending(path: "keys.json").path
        let set =
            #"{"keys":[{"kty":"EC","kid":"one","alg":"ES256","crv":"P-256","x":"\#(point.x)","y":"\#(point.y)"}]}"#
        try set.write(toFile: file, atomically: true, encoding: .utf8)
        let tokens = try await SignedTokens(keys: file, secret: nil, audience: "sori")
        let keys = JWTKeyCollection()
        await keys.add(ecdsa: key, kid: "one")
        let good = try await keys.sign(Payload(), kid: "one")
        #expect(await tokens.grant(for: good)?.holder == "jwt:haneul")
        let stranger = JWTKeyCollection()
        await stranger.add(ecdsa: ES256PrivateKey(), kid: "one")
        let forged = try await stranger.sign(Payload(), kid: "one")
        #expect(await tokens.grant(for: forged) == nil)
        // Both kinds side by side.
        let both = try await SignedTokens(keys: file, secret: Self.secret, audience: "sori")
        let shared = try await sign(.init())
        #expect(await both.grant(for: good) != nil)
        #expect(await both.grant(for: shared) != nil)
        #expect(await both.grant(for: forged) == nil)
        // The public key is no secret: nobody may sign with it as if it were one.
        for confused in [set, point.x, key.publicKey.pemRepresentation] {
            let keys = JWTKeyCollection()
            await keys.add(hmac: HMACKey(from: confused), digestAlgorithm: .sha256, kid: "one")
            let token = try await keys.sign(Payload(), kid: "one")
            #expect(await tokens.grant(for: token) == nil)
        }
    }

    @Test("keys that are of no use are told in one line")
    func badKeys() async throws {
        let file = folder.appending(path: "bad.json").path
        try "no keys".write(toFile: file, atomically: true, encoding: .utf8)
        let point = try #require(key.publicKey.parameters)
        let anyAlgorithm = folder.appending(path: "any.json").path
        try #"{"keys":[{"kty":"EC","kid":"one","crv":"P-256","x":"\#(point.x)","y":"\#(point.y)"}]}"#
            .write(toFile: anyAlgorithm, atomically: true, encoding: .utf8)
        let bad: [(String?, String?)] = [("/nowhere.json", nil), (file, nil), (anyAlgorithm, nil), (nil, "short")]
        for (keys, secret) in bad {
            let error = await #expect(throws: TokenFileError.self) {
                _ = try await SignedTokens(keys: keys, secret: secret, audience: "sori")
            }
            #expect(error?.description.contains("\n") == false)
        }
    }
}
