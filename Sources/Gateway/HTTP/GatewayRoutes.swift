internal import AccessTokens
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import Recognition
internal import SoriProtocol

/// What a gateway answers beside its WebSocket: health, metrics, a session's events for onlookers, and the pages.
package struct GatewayRoutes: Sendable {
    private let registry: SessionRegistry
    private let readiness: Readiness
    private let settings: ServerSettings
    private let access: Access
    private let admin: AdminRoutes?
    private let exposition: @Sendable () -> String

    /// - Parameters:
    ///   - access: who may watch.
    ///   - admin: what administrators see and change.
    ///   - exposition: the metrics in Prometheus' text format.
    package init(
        registry: SessionRegistry, readiness: Readiness, settings: ServerSettings, access: Access,
        admin: AdminRoutes? = nil, exposition: @escaping @Sendable () -> String
    ) {
        self.registry = registry
        self.readiness = readiness
        self.settings = settings
        self.access = access
        self.admin = admin
        self.exposition = exposition
    }

    /// Why no session can be served; `nil` when one can.
    private var unavailableReason: String? { readiness.unavailableReason ?? registry.unavailableReason }

    /// The routes, each by its path.
    package var router: Router<BasicRequestContext> {
        let router = Router()
        router.addMiddleware {
            SecurityHeaders(isSecure: settings.tls.isOn)
            KnownHost(access: access)
        }
        router.get("is_ready") { _, _ in
            let reason = unavailableReason
            return text(reason ?? "ready", status: reason == nil ? .ok : .serviceUnavailable)
        }
        router.get("health/live") { _, _ in text("alive") }
        router.get("metrics") { _, _ in
            registry.metrics.set(isReady: unavailableReason == nil)
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: exposition())))
        }
        router.get("v1/sessions/:id/events") { request, context in
            let id = try context.parameters.require("id")
            if let refusal = try await refusal(of: request, toWatch: id) { return refusal }
            let last = request.lastEventID.flatMap { Int($0) }
            guard let session = registry.session(id) else {
                if let events = await registry.eventsElsewhere(of: id, after: last) {
                    return EventStream(events, registry.metrics, onEnd: events.cancel).response
                }
                return text("there is no such session any longer", status: .notFound)
            }
            // The client of the session listens too.
            guard session.events.listenerCount <= registry.limits.onlookers else {
                return text("as many look on as may; try again later", status: .serviceUnavailable)
            }
            let messages = session.events.subscribe(after: last)
            return EventStream(messages, registry.metrics, onEnd: messages.end).response
        }
        router.get("v1/names/:name/events") { request, context in
            guard let name = SessionName(try context.parameters.require("name")) else {
                return text("no session can have such a name", status: .notFound)
            }
            if let refusal = try await refusal(of: request, toWatch: name.text) { return refusal }
            guard registry.follow(name) else {
                return text("as many look on as may; try again later", status: .serviceUnavailable)
            }
            let events = NamedEvents(name: name, registry: registry, last: request.lastEventID)
            return EventStream(registry.metrics, onEnd: { registry.leave(name) }) { tell in
                await events.run { news in if let event = news.event { await tell(event) } }
            }.response
        }
        admin?.add(to: router)
        if let web = settings.web { addPages(of: web, to: router) }
        return router
    }

    /// The captions page is the server's front; the others have folders of their own.
    private func addPages(of web: String, to router: Router<BasicRequestContext>) {
        router.addMiddleware {
            FolderRedirect(folders: ["overlay", "panel"])
            FileMiddleware("\(web)/captions", searchForIndexHtml: true)
            FileMiddleware("\(web)/overlay", urlBasePath: "/overlay", searchForIndexHtml: true)
            FileMiddleware("\(web)/panel", urlBasePath: "/panel", searchForIndexHtml: true)
            FileMiddleware("\(web)/shared", urlBasePath: "/shared")
        }
    }

    /// What somebody is answered who may not watch a session, or the sessions of a name; `nil` for who may.
    private func refusal(of request: Request, toWatch session: String) async throws -> Response? {
        do { _ = try await access.grant(request.head, .watch, session: session) } catch let refusal as RequestFailure {
            let status: HTTPResponse.Status = refusal.failure.code == .unauthorized ? .unauthorized : .forbidden
            return text(refusal.failure.message, status: status)
        }
        return nil
    }
}

extension Request {
    /// The `id` of the last event that an onlooker has, who comes back.
    fileprivate var lastEventID: String? { HTTPField.Name("Last-Event-ID").flatMap { headers[$0] } }
}

private func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
        status: status, headers: [.contentType: "text/plain; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
}
