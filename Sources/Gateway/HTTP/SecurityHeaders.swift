internal import HTTPTypes
internal import Hummingbird

/// What browsers are told of every answer: what pages may load and use, and what nobody may do with them.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    /// Whether clients reach this server by TLS of its own. A proxy that does TLS says so itself.
    let isSecure: Bool

    /// Scripts and styles from files of this server only, and none in the page's text. WebSockets to any server: `'self'` does
    /// not mean them in all browsers (https://github.com/w3c/webappsec-csp/issues/7).
    private static var contentSecurityPolicy: String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "media-src 'self' blob:; frame-src 'self'; manifest-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'self'; "
            + "base-uri 'none'; form-action 'none'"
    }

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            // A page that is not there is answered by the application, which knows nothing of these headers.
            response = try error.response(from: request, context: context)
        }
        response.headers[.contentSecurityPolicy] = Self.contentSecurityPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in Self.others { response.headers[name] = value }
        if isSecure, !request.isForThisMachine { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-cache" }
        return response
    }

    private static var others: [(HTTPField.Name, String)] {
        [
            ("Permissions-Policy", "microphone=(self), display-capture=(self), camera=(), geolocation=()"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }
}

extension Request {
    /// Whether the browser knows the server as localhost: everything else there, on other ports, would have to be secure too.
    fileprivate var isForThisMachine: Bool {
        let host = head.authority?.prefix { $0 != ":" } ?? ""
        return host == "localhost" || host.hasSuffix(".localhost")
    }
}
