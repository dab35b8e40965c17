import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Recognition
import Routing
import SoriProtocol
import SoriTesting
import Testing

@Suite("Administration", .timeLimit(.minutes(1)))
struct AdminTests {
    private let worker = WorkerAddress(host: "10.0.0.7", port: 8090)

    /// Runs `body` with the routes, which want the token `secret`.
    private func withRoutes(
        token: String? = "secret", showsText: Bool = false,
        _ body: @Sendable @escaping (any TestClientProtocol, SessionRegistry, WorkerPool) async throws -> Void
    ) async throws {
        let readiness = Readiness()
        readiness.worked()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let recognizers = WorkerPool(path: "/v1/recognize", discovery: StaticDiscovery([]), logger: logger)
        let detectors = WorkerPool(path: "/v1/detect", discovery: StaticDiscovery([]), logger: logger)
        let worker = worker
        var reader = SettingsReader([])
        var secret: String? = "hush"
        try reader.text("token", "token that clients must have", &secret, isSecret: true)
        let settings = reader.effective
        recognizers.change { $0.found([worker]) }
        try await withRegistry(readiness) { registry in
            var server = ServerSettings()
            server.adminToken = token
            let access = Access(server)
            let admin = AdminRoutes(
                registry: registry, fleet: .init(recognizers: recognizers, detectors: detectors), access: access,
                settings: settings, showsText: showsText,
                obs: OBSRelay(OBSSettings(), registry: registry, logger: logger), logger: logger,
                exposition: { "sori_ready 1\n" })
            let routes = GatewayRoutes(
                registry: registry, readiness: readiness, settings: server, access: access, admin: admin,
                exposition: { "" })
            try await Application(router: routes.router).test(.router) { client in
                try await body(client, registry, recognizers)
            }
        }
    }

    private func ask(
        _ client: any TestClientProtocol, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        token: String? = "secret"
    ) async throws -> (status: HTTPResponse.Status, body: String) {
        let headers: HTTPFields = token.map { [.authorization: "Bearer \($0)"] } ?? [:]
        let response = try await client.execute(
            uri: "/v1/admin/\(path)", method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return (response.status, String(buffer: response.body))
    }

    private func read<Value: Decodable>(_: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    @Test("captions in OBS are switched on where it is known whose and where, and it is told by whom")
    func obs() async throws {
        try await withRoutes { client, _, _ in
            for refused in [
                #"{"isOn":true}"#, #"{"name":"no/name"}"#, #"{"isOn":true,"name":"haneul"}"#, #"{"show":"all"}"#,
                #"{"isOn":"yes"}"#, "[]",
            ] {
                let answer = try await ask(client, .put, "obs", refused)
                #expect(answer.status == .badRequest && answer.body.contains("message"), "\(refused)")
            }
            let before = try read(AdminOBS.self, try await ask(client, .get, "obs").body)
            #expect(!before.isOn && before.name.isEmpty && before.phase == .off)
            #expect(before.address == "ws://localhost:4455")
            let change = #"{"isOn":true,"name":"haneul","source":"Captions","show":"both"}"#
            let after = try read(AdminOBS.self, try await ask(client, .put, "obs", change).body)
            #expect(after.isOn && after.name == "haneul" && after.source == "Captions" && after.show == "both")
            let changes = try read([AdminChange].self, try await ask(client, .get, "changes").body)
            #expect(changes.map(\.what) == ["OBS: on, name haneul, source Captions, show both"])
            #expect(changes.map(\.by) == ["admin.token"])
        }
    }

    @Test("is for those with its token, and off without one")
    func access() async throws {
        try await withRoutes { client, _, _ in
            for token in [nil, "wrong", ""] {
                let answer = try await ask(client, .get, "sessions", token: token)
                #expect(answer.status == .unauthorized)
            }
            let answer = try await ask(client, .get, "sessions")
            #expect(answer.status == .ok)
        }
        try await withRoutes(token: nil) { client, _, _ in
            let answer = try await ask(client, .get, "sessions", token: "")
            #expect(answer.status == .forbidden && answer.body.contains("SORI_ADMIN_TOKEN"))
        }
    }

    @Test("sessions are listed without what was said, and can be ended")
    func sessions() async throws {
        try await withRoutes { client, registry, _ in
            let (session, attachment) = try registry.open(.init(language: "ko", gap: 0))
            try ScriptedSession.send(2, to: session, attachment)
            let list = try read(AdminSessions.self, try await ask(client, .get, "sessions").body)
            #expect(list.stored == nil && list.sessions.count == 1)
            let first = try #require(list.sessions.first)
            #expect(first.id == session.id && first.isConnected && first.language == "ko" && first.received == 2)
            let ended = try await ask(client, .delete, "sessions/\(session.id)")
            #expect(ended.status == .noContent)
            for await _ in attachment.messages {}
            let again = try await ask(client, .delete, "sessions/nobody")
            #expect(again.status == .notFound)
        }
    }

    @Test("workers are listed, modes switched, workers drained")
    func workers() async throws {
        try await withRoutes { client, _, pool in
            let list = try read(AdminWorkers.self, try await ask(client, .get, "workers").body)
            #expect(list.mode == "auto" && list.workers.map(\.address) == ["10.0.0.7:8090"])
            #expect(list.workers.first?.state == "unreachable" && list.workers.first?.reason == "not connected yet")

            let switched = try await ask(client, .put, "mode", #"{"mode":"cpu"}"#)
            #expect(try read(AdminWorkers.self, switched.body).mode == "cpu" && pool.read(\.mode) == .cpu)
            for body in ["", "{}", #"{"mode":"fpga"}"#, String(repeating: " ", count: 100_000)] {
                let refused = try await ask(client, .put, "mode", body)
                #expect(refused.status == .badRequest && refused.body.contains("message"))
            }

            let path = "workers/recognizer/10.0.0.7:8090"
            let drained = try await ask(client, .put, path, #"{"drained":true}"#)
            #expect(drained.status == .ok && pool.read { $0.workers.values.allSatisfy(\.isDrained) })
            _ = try await ask(client, .put, path, #"{"drained":false}"#)
            #expect(pool.read { !$0.workers.values.contains(where: \.isDrained) })
            for absent in ["workers/oracle/10.0.0.7:8090", "workers/detector/10.0.0.7:8090", "workers/recognizer/x"] {
                let answer = try await ask(client, .put, absent, #"{"drained":true}"#)
                #expect(answer.status == .notFound)
            }
            let bad = try await ask(client, .put, path, "{}")
            #expect(bad.status == .badRequest)
        }
    }

    @Test("how captions are made is shown, changed for sessions that begin, and put back")
    func captions() async throws {
        try await withRoutes { client, registry, _ in
            let before = try read(AdminCaptions.self, try await ask(client, .get, "captions").body)
            #expect(before.policy == "alignatt" && before.detector && before.numbers.contains { $0.name == "hop" })
            let (old, _) = try registry.open(.init(gap: 0))
            let change = #"{"policy":"local-agreement","detector":false,"numbers":{"hop":0.7,"threshold":30}}"#
            let answer = try await ask(client, .put, "captions", change)
            let after = try read(AdminCaptions.self, answer.body)
            #expect(after.policy == "local-agreement" && !after.detector && after.standardPolicy == "alignatt")
            #expect(after.numbers.first { $0.name == "hop" }.map { [$0.value, $0.standard] } == [0.7, 0.5])
            let (new, _) = try registry.open(.init(gap: 0))
            #expect(old.read(\.policy) == .alignatt && new.read(\.policy) == .localAgreement)
            for bad in [
                "", #"{"policy":"magic"}"#, #"{"numbers":{"hop":-1}}"#, #"{"numbers":{"threshold":1.5}}"#,
                #"{"numbers":{"nothing":1}}"#, #"{"numbers":{"margin":1}}"#, #"{"numbers":{"sliding.overlap":20}}"#,
            ] {
                let refused = try await ask(client, .put, "captions", bad)
                #expect(refused.status == .badRequest && refused.body.contains("message"), "\(bad)")
            }
            let reset = try await ask(client, .delete, "captions")
            #expect(try read(AdminCaptions.self, reset.body) == before)
        }
    }

    @Test("every change is told with who made it")
    func changes() async throws {
        try await withRoutes { client, _, _ in
            let before = Date().timeIntervalSince1970
            _ = try await ask(client, .put, "mode", #"{"mode":"cpu"}"#)
            _ = try await ask(client, .put, "mode", #"{"mode":"fpga"}"#)
            _ = try await ask(client, .put, "captions", #"{"numbers":{"hop":0.7}}"#)
            let changes = try read([AdminChange].self, try await ask(client, .get, "changes").body)
            #expect(changes.map(\.what) == ["mode cpu", "captions: hop 0.7"])
            #expect(changes.map(\.by) == ["admin.token", "admin.token"])
            #expect(changes.map(\.at).min() ?? 0 >= before - 0.001)
            let metrics = try await ask(client, .get, "metrics")
            #expect(metrics.body == "sori_ready 1\n")
        }
    }

    @Test("administrators read along only where that was allowed")
    func readingAlong() async throws {
        for isAllowed in [false, true] {
            try await withRoutes(showsText: isAllowed) { client, registry, _ in
                let (session, attachment) = try registry.open(.init(gap: 0))
                session.finish()
                for await message in attachment.messages { if case .finished = message { break } }
                session.toldAll(attachment)
                let answer = try await ask(client, .get, "sessions/\(session.id)/events")
                // A session that is over may be gone already.
                #expect(isAllowed ? answer.status != .forbidden : answer.status == .forbidden)
            }
        }
    }

    @Test("settings are listed, secrets without their values")
    func settings() async throws {
        try await withRoutes { client, _, _ in
            let settings = try read([AdminSetting].self, try await ask(client, .get, "settings").body)
            #expect(settings.map(\.key) == ["token"] && settings.first?.value == "••••")
        }
    }
}
