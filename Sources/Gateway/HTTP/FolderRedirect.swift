internal import HTTPTypes
internal import Hummingbird

/// Sends `/overlay` on to `/overlay/`, so that what a page names beside itself is found.
struct FolderRedirect<Context: RequestContext>: RouterMiddleware {
    let folders: [String]

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let folder = folders.first(where: { request.uri.path == "/\($0)" }) else {
            return try await next(request, context)
        }
        let query = request.uri.query.map { "?\($0)" } ?? ""
        // Relative, as a proxy may serve all of it under a prefix.
        return Response(status: .permanentRedirect, headers: [.location: "\(folder)/\(query)"])
    }
}
