internal import Foundation
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import Recognition
package import Routing
internal import SoriProtocol

/// What an administrator, or the panel, sees and changes: `/v1/admin/…`, with tokens of its own.
package struct AdminRoutes: Sendable {
    private let registry: SessionRegistry
    private let fleet: Fleet?
    private let access: Access
    private let settings: [SettingsReader.Effective]

    /// The workers of a gateway.
    package struct Fleet: Sendable {
        let recognizers: WorkerPool
        let detectors: WorkerPool

        package init(recognizers: WorkerPool, detectors: WorkerPool) {
            self.recognizers = recognizers
            self.detectors = detectors
        }

        /// All workers as they are now.
        var workers: AdminWorkers {
            let now = ContinuousClock.now
            let mode = recognizers.read(\.mode).rawValue
            let workers = [("recognizer", recognizers), ("detector", detectors)].flatMap { role, pool in
                pool.read { Array($0.workers.values) }.sorted { $0.address.description < $1.address.description }
                    .map { AdminWorkers.Worker($0, role: role, at: now) }
            }
            return AdminWorkers(mode: mode, workers: workers)
        }
    }

    /// - Parameters:
    ///   - fleet: `nil` where recogniser and detector are in this process.
    ///   - access: who may administer.
    ///   - settings: those in force.
    package init(
        registry: SessionRegistry, fleet: Fleet?, access: Access, settings: [SettingsReader.Effective]
    ) {
        self.registry = registry
        self.fleet = fleet
        self.access = access
        self.settings = settings
    }

    /// Adds the routes.
    package func add(to router: Router<BasicRequestContext>) {
        let admin = router.group("v1/admin").add(middleware: AdminAccess(access: access))
        admin.get("sessions") { _, _ in try AdminAnswer.json(await registry.adminSessions()) }
        admin.delete("sessions/:id") { _, context in
            guard let session = registry.session(try context.parameters.require("id")) else {
                return AdminAnswer.error(.notFound, "there is no such session at this server")
            }
            session.end(.administrator)
            return Response(status: .noContent)
        }
        admin.get("settings") { _, _ in
            try AdminAnswer.json(
                settings.map { AdminSetting(key: $0.key, value: $0.value, source: $0.source, help: $0.help) })
        }
        guard let fleet else { return }
        admin.get("workers") { _, _ in try AdminAnswer.json(fleet.workers) }
        admin.put("mode") { request, _ in
            guard let message = await AdminAnswer.read(AdminMode.self, from: request),
                let mode = RoutingMode(rawValue: message.mode)
            else { return AdminAnswer.error(.badRequest, "send {\"mode\":\"auto\"}, or cpu or gpu") }
            fleet.recognizers.change { $0.mode = mode }
            return try AdminAnswer.json(fleet.workers)
        }
        admin.put("workers/:role/:address") { request, context in
            let pools = ["recognizer": fleet.recognizers, "detector": fleet.detectors]
            let (role, text) = (try context.parameters.require("role"), try context.parameters.require("address"))
            guard let pool = pools[role], let address = try? WorkerAddress(text.removingPercentEncoding ?? text),
                pool.read({ $0.workers[address] != nil })
            else { return AdminAnswer.error(.notFound, "there is no such worker; see GET /v1/admin/workers") }
            guard let message = await AdminAnswer.read(AdminDrain.self, from: request) else {
                return AdminAnswer.error(.badRequest, "send {\"drained\":true} or {\"drained\":false}")
            }
            pool.change { $0.drain(address, message.drained, at: .now) }
            return try AdminAnswer.json(fleet.workers)
        }
        admin.get("events") { _, _ in AdminEvents(registry: registry, fleet: fleet).response }
    }
}

/// Lets in whoever has an administrator's token.
private struct AdminAccess: RouterMiddleware {
    typealias Context = BasicRequestContext
    let access: Access

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard access.hasAdministrators else {
            return AdminAnswer.error(
                .forbidden,
                "administration is off; set 'admin.token' (SORI_ADMIN_TOKEN), or 'tokens' to a file of tokens")
        }
        guard await access.isAdministrator(request.head) else {
            return AdminAnswer.error(.unauthorized, "send an administrator's token as 'Authorization: Bearer TOKEN'")
        }
        return try await next(request, context)
    }
}

/// Answers of the administration, as JSON.
enum AdminAnswer {
    /// Bytes of the largest message that is read.
    private static let longest = 10_000

    static func json(_ value: some Encodable) throws -> Response { try json(value, status: .ok) }

    static func error(_ status: HTTPResponse.Status, _ message: String) -> Response {
        // A text in a dictionary can always be written.
        (try? json(["message": message], status: status)) ?? Response(status: status)
    }

    static func read<Message: Decodable>(_: Message.Type, from request: Request) async -> Message? {
        guard let body = try? await request.body.collect(upTo: longest) else { return nil }
        return try? JSONDecoder().decode(Message.self, from: Data(body.readableBytesView))
    }

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func json(_ value: some Encodable, status: HTTPResponse.Status) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: try text(value) + "\n")))
    }
}

extension AdminWorkers.Worker {
    fileprivate init(_ worker: WorkerRecord, role: String, at now: ContinuousClock.Instant) {
        self.init(
            address: worker.address.description, role: role, state: worker.state(at: now).rawValue,
            reason: worker.unavailableReason(at: now), device: worker.device,
            model: worker.hello?.recognizer?.model.name ?? worker.hello?.detector?.model.name,
            lanes: worker.hello?.recognizer?.lanes ?? worker.hello?.detector?.lanes, inFlight: worker.inFlight,
            queue: worker.status?.queue ?? 0, expectedWait: worker.expectedWait, averageWork: worker.averageWork,
            answered: worker.answered, failed: worker.failed,
            history: worker.history.map { .init(ago: (now - $0.at) / .seconds(1), state: $0.state.rawValue) })
    }
}
