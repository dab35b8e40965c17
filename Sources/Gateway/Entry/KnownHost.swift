internal import HTTPTypes
internal import Hummingbird

/// Refuses requests that came by a name which somebody else made lead to this machine (DNS rebinding).
///
/// Only where none but programs of this machine can connect: there, a page of such a name would be its author's way in. A server that
/// others can reach has names that it need not know, and asks for tokens.
struct KnownHost<Context: RequestContext>: RouterMiddleware {
    let access: Access

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        // Browsers always name the host; a request without one is no page's.
        guard access.isForThisMachine, let host = request.head.authority, !access.isKnown(host: host.lowercased())
        else {
            return try await next(request, context)
        }
        throw HTTPError(
            .misdirectedRequest,
            message: "this server is not known by that name; add it to the setting 'hosts' if it is one of its own")
    }
}
