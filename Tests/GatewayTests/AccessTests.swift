import AccessTokens
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Recognition
import SoriProtocol
import Testing

/// Tokens of a file, before the routes of a gateway.
@Suite("Access with tokens", .timeLimit(.minutes(1)))
final class AccessTests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let readiness = Readiness()

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        readiness.worked()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func token(
        _ permission: Permission, session: String? = nil, expires: Date? = nil, isRevoked: Bool = false
    ) throws -> String {
        let token = TokenText()
        try TokenFile(path: folder.path + "/tokens.json").change { tokens in
            var record = TokenRecord(
                token, permission: permission, session: session, created: .now, expires: expires)
            if isRevoked { record.revoke(at: .now) }
            tokens.append(record)
        }
        return token.text
    }

    private func withRoutes(
        _ body: @Sendable @escaping (any TestClientProtocol, SessionRegistry) async throws -> Void
    ) async throws {
        let tokens = try TokenRegistry(TokenFile(path: folder.path + "/tokens.json"), logger: logger)
        let settings = ServerSettings()
        let access = Access(settings, tokens: tokens)
        let readiness = readiness
        try await withRegistry(readiness) { registry in
            let admin = AdminRoutes(
                registry: registry, fleet: nil, access: access, settings: [],
                obs: OBSRelay(OBSSettings(), registry: registry, logger: logger), logger: logger, exposition: { "" })
            let routes = GatewayRoutes(
                registry: registry, readiness: readiness, settings: settings, access: access, admin: admin,
                exposition: { "" })
            try await Application(router: routes.router).test(.router) { client in try await body(client, registry) }
        }
    }

    private func status(
        _ path: String, _ client: any TestClientProtocol, token: String?, in place: Place = .header
    ) async throws -> HTTPResponse.Status {
        var headers: HTTPFields = [:]
        var uri = path
        switch (token, place) {
        case (nil, _): break
        case (let token?, .header): headers[.authorization] = "Bearer \(token)"
        case (let token?, .subprotocol): headers[.secWebSocketProtocol] = "sori, sori.token.\(token)"
        case (let token?, .query): uri += "?access_token=\(token)"
        }
        return try await client.execute(uri: uri, method: .get, headers: headers).status
    }

    private enum Place: CaseIterable { case header, subprotocol, query }

    @Test("no token, a wrong one, an expired one, a revoked one and one of another kind let nobody watch")
    func watching() async throws {
        let good = try [token(.watch), token(.speak)]
        let bad: [String?] = try [
            nil, "", "guessed", "sori_aaaaaaaa_bbbb", token(.administer), token(.watch, expires: .now - 1),
            token(.watch, isRevoked: true), token(.watch, session: "another"),
        ]
        try await withRoutes { client, registry in
            for place in Place.allCases {
                for token in bad {
                    let answer = try await self.status("/v1/sessions/none/events", client, token: token, in: place)
                    #expect(answer == .unauthorized, "\(place) \(token ?? "nothing")")
                }
                for token in good {
                    // There is no such session, which only those are told who may know.
                    let answer = try await self.status("/v1/sessions/none/events", client, token: token, in: place)
                    #expect(answer == .notFound, "\(place)")
                }
            }
        }
    }

    @Test("a token for one session shows that one")
    func oneSession() async throws {
        let token = try token(.watch, session: "mine")
        try await withRoutes { client, _ in
            let mine = try await self.status("/v1/sessions/mine/events", client, token: token)
            #expect(mine == .notFound)
            for path in ["/v1/sessions/yours/events", "/v1/sessions/min/events", "/v1/sessions/mine%20/events"] {
                let other = try await self.status(path, client, token: token)
                #expect(other == .unauthorized)
            }
        }
    }

    @Test("administrators come in by their header only")
    func administration() async throws {
        let token = try token(.administer)
        let others = try [self.token(.speak), self.token(.watch), "guessed"]
        try await withRoutes { client, _ in
            let shown = try await self.status("/v1/admin/sessions", client, token: token)
            let written = try await self.status("/v1/admin/sessions", client, token: token, in: .query)
            #expect(shown == .ok && written == .unauthorized)
            for other in others {
                let refused = try await self.status("/v1/admin/sessions", client, token: other)
                #expect(refused == .unauthorized)
            }
        }
    }

    @Test("a token has its own number of sessions; its lost ones give way, and nobody else's do")
    func sessionsOfAToken() async throws {
        var limits = SessionLimits()
        limits.longestHop = 0
        try await withRegistry(readiness, limits: limits) { registry in
            let mine = Grant(holder: "mine", permission: .speak, sessions: 2)
            let yours = Grant(holder: "yours", permission: .speak, sessions: 2)
            let (lost, attachment) = try registry.open(.init(), mine)
            _ = try registry.open(.init(), mine)
            let (other, otherAttachment) = try registry.open(.init(), yours)
            other.detach(otherAttachment)
            #expect {
                try registry.open(.init(), mine)
            } throws: { error in
                let failure = (error as? RequestFailure)?.failure
                return failure?.code == .tooManySessions && failure?.message.contains("2 sessions") == true
            }
            lost.detach(attachment)
            _ = try registry.open(.init(), mine)
            #expect(registry.session(lost.id) == nil && registry.session(other.id) != nil)
            // Those who share one token are not counted together.
            for _ in 0..<10 { _ = try registry.open(.init()) }
        }
    }
}
