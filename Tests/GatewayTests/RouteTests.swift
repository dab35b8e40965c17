import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Recognition
internal import Recognition
import SoriProtocol
import SoriTesting
import Streaming
import Testing

@Suite("Routes of a gateway", .timeLimit(.minutes(1)))
struct RouteTests {
    private let readiness = Readiness()

    /// Runs `body` with the routes, and with the sessions behind them.
    private func withRoutes(
        _ change: (inout ServerSettings) -> Void = { _ in },
        _ body: @Sendable @escaping (any TestClientProtocol, SessionRegistry) async throws -> Void
    ) async throws {
        var settings = ServerSettings()
        change(&settings)
        let (readiness, final) = (readiness, settings)
        try await withRegistry(readiness, limits: final.limits, settings: final.captions) { registry in
            let routes = GatewayRoutes(
                registry: registry, readiness: readiness, settings: final, access: Access(final),
                exposition: { "sori_ready 1.0\n" })
            try await Application(router: routes.router).test(.router) { client in
                try await body(client, registry)
            }
        }
    }

    private func get(
        _ path: String, _ client: any TestClientProtocol, headers: HTTPFields = [:]
    ) async throws -> (status: HTTPResponse.Status, type: String?, body: String) {
        let response = try await client.execute(uri: path, method: .get, headers: headers)
        return (response.status, response.headers[.contentType], String(buffer: response.body))
    }

    @Test("readiness says why not, and is 200 when a session can be served")
    func ready() async throws {
        try await withRoutes { client, registry in
            #expect(try await get("/health/live", client).status == .ok)
            let loading = try await get("/is_ready", client)
            #expect(loading.status == .serviceUnavailable && loading.body == "the recogniser is being loaded\n")
            readiness.worked()
            #expect(try await get("/is_ready", client).body == "ready\n")
            registry.admission.calibrate(.init(window: 10, finalSecond: 1))
            for _ in 0..<2 { _ = try registry.open(.init()) }
            let full = try await get("/is_ready", client)
            #expect(full.status == .serviceUnavailable && full.body.contains("busy with 2 sessions"))
            readiness.stop()
            #expect(try await get("/is_ready", client).body == "the server stops\n")
        }
    }

    @Test("metrics come in Prometheus' format")
    func metrics() async throws {
        try await withRoutes { client, _ in
            let metrics = try await get("/metrics", client)
            #expect(metrics.status == .ok && metrics.body == "sori_ready 1.0\n")
            #expect(metrics.type == "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    @Test("onlookers get the events of a session, after the last one that they have")
    func events() async throws {
        readiness.worked()
        try await withRoutes { client, registry in
            let (session, attachment) = try registry.open(.init(gap: 0))
            for _ in 0..<2 {
                try ScriptedSession.send(1.5, to: session, attachment)
                try ScriptedSession.send(1.5, isLoud: false, to: session, attachment)
            }
            session.finish()
            for await message in attachment.messages { if case .finished = message { break } }
            // The events end with the session, which ends once its client has got everything.
            async let events = get("/v1/sessions/\(session.id)/events", client)
            while session.events.listenerCount < 2 { await Task.yield() }
            session.toldAll(attachment)
            let all = try await events
            #expect(all.status == .ok && all.type == "text/event-stream")
            #expect(all.body.contains("id: 0\ndata: {") && all.body.contains("id: 1\ndata: {"))
            #expect(all.body.contains(#""type":"finished""#) && !all.body.contains("resumeToken"))
        }
    }

    @Test("onlookers without the token, of strange origins, of no session, and too many are refused")
    func refusals() async throws {
        readiness.worked()
        try await withRoutes({ ($0.token, $0.limits.onlookers) = ("secret", 0) }) { client, registry in
            let (session, _) = try registry.open(.init())
            let path = "/v1/sessions/\(session.id)/events"
            #expect(try await get(path, client).status == .unauthorized)
            #expect(try await get(path + "?access_token=guessed", client).status == .unauthorized)
            let strange = try await get(
                path, client, headers: [.authorization: "Bearer secret", .origin: "https://elsewhere.example"])
            #expect(strange.status == .forbidden && strange.body.contains("'origins'"))
            let nobody = try await get("/v1/sessions/none/events", client, headers: [.authorization: "Bearer secret"])
            #expect(nobody.status == .notFound)
            _ = session.events.subscribe()
            #expect(try await get(path + "?access_token=secret", client).status == .serviceUnavailable)
        }
    }

    @Test("every answer tells browsers what nobody may do with it")
    func securityHeaders() async throws {
        try await withRoutes { client, _ in
            for path in ["/is_ready", "/metrics", "/no/such/page", "/v1/sessions/none/events"] {
                let headers = try await client.execute(uri: path, method: .get).headers
                let policy = try #require(headers[.contentSecurityPolicy])
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"))
                #expect(headers[.xContentTypeOptions] == "nosniff")
                #expect(HTTPField.Name("Referrer-Policy").flatMap { headers[$0] } == "no-referrer")
                let permissions = HTTPField.Name("Permissions-Policy").flatMap { headers[$0] }
                #expect(permissions?.hasPrefix("microphone=(self)") == true)
                #expect(headers[.cacheControl] != nil)
            }
        }
    }

    @Test("pages are served from their folders only, with headers that keep others out")
    func pages() async throws {
        let web = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "../../Web").standardized.path
        try await withRoutes({ $0.web = web }) { client, _ in
            let page = try await client.execute(uri: "/", method: .get)
            #expect(page.status == .ok && page.headers[.contentType]?.hasPrefix("text/html") == true)
            #expect(try await get("/shared/transcript.js", client).status == .ok)
            for path in ["/no/such/page", "/../Package.swift", "/%2e%2e/Package.swift", "/shared/../../Package.swift"] {
                #expect(try await get(path, client).status != .ok, "\(path)")
            }
        }
    }
}
