internal import Foundation
internal import HTTPTypes
package import Hummingbird
package import Logging
internal import NIOCore
internal import Recognition
package import Routing
package import SoriProtocol

/// What an administrator, or the panel, sees and changes: `/v1/admin/…`, with tokens of its own.
package struct AdminRoutes: Sendable {
    private let registry: SessionRegistry
    private let fleet: Fleet?
    private let access: Access
    private let settings: [SettingsReader.Effective]
    private let own: (@Sendable () -> [AdminWorkers.Worker])?
    private let showsText: Bool
    /// Shows captions in OBS.
    let obs: OBSRelay
    private let exposition: @Sendable () -> String
    private let changes: ChangeLog

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
    ///   - own: what is in this process, as workers are told; `nil` where there is a fleet.
    ///   - access: who may administer.
    ///   - settings: those in force.
    ///   - showsText: whether administrators may read along.
    ///   - obs: shows captions in OBS.
    ///   - exposition: the metrics in Prometheus' text format.
    package init(
        registry: SessionRegistry, fleet: Fleet?, own: (@Sendable () -> [AdminWorkers.Worker])? = nil, access: Access,
        settings: [SettingsReader.Effective], showsText: Bool = false, obs: OBSRelay, logger: Logger,
        exposition: @escaping @Sendable () -> String
    ) {
        self.registry = registry
        self.fleet = fleet
        self.own = own
        self.access = access
        self.settings = settings
        self.showsText = showsText
        self.obs = obs
        self.exposition = exposition
        changes = ChangeLog(logger: logger)
    }

    /// All workers as they are now.
    private var workers: AdminWorkers { fleet?.workers ?? AdminWorkers(mode: nil, workers: own?() ?? []) }

    /// Adds the routes.
    package func add(to router: Router<BasicRequestContext>) {
        let admin = router.group("v1/admin").add(middleware: AdminAccess(access: access))
        addSessions(to: admin)
        addWorkers(to: admin)
        addCaptions(to: admin)
        addOBS(to: admin)
        admin.get("settings") { _, _ in
            try AdminAnswer.json(
                settings.map { AdminSetting(key: $0.key, value: $0.value, source: $0.source, help: $0.help) })
        }
        admin.get("changes") { _, _ in try AdminAnswer.json(changes.all) }
        admin.get("metrics") { _, _ in AdminAnswer.text(exposition()) }
        admin.get("events") { _, _ in
            AdminEvents(registry: registry, changes: changes, obs: obs, workers: { workers }).response
        }
    }

    private func addSessions(to admin: RouterGroup<BasicRequestContext>) {
        admin.get("sessions") { _, _ in try AdminAnswer.json(await registry.adminSessions()) }
        admin.delete("sessions/:id") { request, context in
            guard let session = registry.session(try context.parameters.require("id")) else {
                return Response.noSuchSession
            }
            session.end(.administrator)
            await log("session \(session.id) ended", request)
            return Response(status: .noContent)
        }
        admin.get("sessions/:id/events") { request, context in
            guard showsText else {
                return AdminAnswer.error(
                    .forbidden, "administrators do not read along here; set 'admin.text' (SORI_ADMIN_TEXT) if they may")
            }
            guard let session = registry.session(try context.parameters.require("id")) else {
                return Response.noSuchSession
            }
            let messages = session.events.subscribe()
            return EventStream(messages, registry.metrics, onEnd: messages.end).response
        }
    }

    private func addWorkers(to admin: RouterGroup<BasicRequestContext>) {
        admin.get("workers") { _, _ in try AdminAnswer.json(workers) }
        admin.put("mode") { request, _ in
            guard let fleet else {
                return AdminAnswer.error(
                    .conflict, "this server has one recogniser, which is its own; nothing to choose")
            }
            guard let message = await AdminAnswer.read(AdminMode.self, from: request),
                let mode = RoutingMode(rawValue: message.mode)
            else { return AdminAnswer.error(.badRequest, "send {\"mode\":\"auto\"}, or cpu or gpu") }
            fleet.recognizers.change { $0.mode = mode }
            await log("mode \(mode.rawValue)", request)
            return try AdminAnswer.json(workers)
        }
        admin.put("workers/:role/:address") { request, context in
            let pools = ["recognizer": fleet?.recognizers, "detector": fleet?.detectors].compactMapValues(\.self)
            let (role, text) = (try context.parameters.require("role"), try context.parameters.require("address"))
            guard let pool = pools[role], let address = try? WorkerAddress(text.removingPercentEncoding ?? text),
                pool.read({ $0.workers[address] != nil })
            else { return AdminAnswer.error(.notFound, "there is no such worker; see GET /v1/admin/workers") }
            guard let message = await AdminAnswer.read(AdminDrain.self, from: request) else {
                return AdminAnswer.error(.badRequest, "send {\"drained\":true} or {\"drained\":false}")
            }
            pool.change { $0.drain(address, message.drained, at: .now) }
            await log("\(role) \(address) \(message.drained ? "drained" : "used again")", request)
            return try AdminAnswer.json(workers)
        }
    }

    private func addCaptions(to admin: RouterGroup<BasicRequestContext>) {
        admin.get("captions") { _, _ in try AdminAnswer.json(registry.adminCaptions) }
        admin.put("captions") { request, _ in
            guard let message = await AdminAnswer.read(AdminCaptionsChange.self, from: request) else {
                return AdminAnswer.error(.badRequest, "send what is to change, such as {\"numbers\":{\"hop\":0.7}}")
            }
            do throws(AdminCaptionsChange.Fault) {
                try registry.change { (captioning) throws(AdminCaptionsChange.Fault) in
                    try message.apply(to: &captioning)
                }
            } catch {
                return AdminAnswer.error(.badRequest, error.message)
            }
            await log("captions: \(message.summary)", request)
            return try AdminAnswer.json(registry.adminCaptions)
        }
        admin.delete("captions") { request, _ in
            registry.change { $0 = .init(settings: registry.settings) }
            await log("captions: as when the server began", request)
            return try AdminAnswer.json(registry.adminCaptions)
        }
    }

    private func addOBS(to admin: RouterGroup<BasicRequestContext>) {
        admin.get("obs") { _, _ in try AdminAnswer.json(obs.told) }
        admin.put("obs") { request, _ in
            guard let message = await AdminAnswer.read(AdminOBSChange.self, from: request) else {
                return AdminAnswer.error(.badRequest, "send what is to change, such as {\"isOn\":true}")
            }
            do throws(OBSRelay.Fault) { try obs.change(message) } catch {
                return AdminAnswer.error(.badRequest, error.message)
            }
            await log("OBS: \(message.summary)", request)
            return try AdminAnswer.json(obs.told)
        }
    }

    private func log(_ what: String, _ request: Request) async {
        changes.add(what, by: await access.administrator(request.head) ?? "nobody")
    }
}

extension AdminOBSChange {
    /// What is changed, for the log: `on, name haneul`.
    fileprivate var summary: String {
        [
            isOn.map { $0 ? "on" : "off" }, name.map { "name \($0)" }, source.map { "source \($0)" },
            stream.map { "stream \($0 ? "on" : "off")" }, show.map { "show \($0)" },
        ].compactMap(\.self).joined(separator: ", ")
    }
}

extension Response {
    fileprivate static var noSuchSession: Response {
        AdminAnswer.error(.notFound, "there is no such session at this server")
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
        guard await access.administrator(request.head) != nil else {
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

    /// Metrics.
    static func text(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func error(_ status: HTTPResponse.Status, _ message: String) -> Response {
        // A text in a dictionary can always be written.
        (try? json(["message": message], status: status)) ?? Response(status: status)
    }

    static func read<Message: Decodable>(_: Message.Type, from request: Request) async -> Message? {
        guard let body = try? await request.body.collect(upTo: longest) else { return nil }
        return try? JSONDecoder().decode(Message.self, from: Data(body.readableBytesView))
    }

    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func json(_ value: some Encodable, status: HTTPResponse.Status) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: try encoded(value) + "\n")))
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
