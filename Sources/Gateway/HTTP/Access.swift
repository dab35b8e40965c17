internal import Foundation
internal import HTTPTypes
internal import SoriProtocol
internal import WebSockets

/// Who may speak and watch: a token where one is set, and pages of known origins only.
struct Access: Sendable {
    /// The token that clients must have; `nil` lets everybody in.
    let token: String?
    /// Origins of pages beside the server's own, such as `https://example.org`; `*` for all.
    let origins: [String]
    /// Names under which the server is known, beside addresses and localhost: a page of the server's own is one whose origin
    /// has such a name. With any other name, somebody's page could have its name lead here (DNS rebinding).
    let hosts: [String]

    init(_ settings: ServerSettings) {
        (token, origins, hosts) = (settings.token, settings.origins, settings.hosts)
    }

    /// - Throws: ``RequestFailure``, with `unauthorized` or `origin_not_allowed`.
    func check(_ head: HTTPRequest) throws {
        if let token {
            guard let given = Self.token(of: head), Secret.isEqual(given, token) else {
                throw RequestFailure(
                    .unauthorized, "send the server's token as 'Authorization: Bearer TOKEN' or ?access_token=TOKEN")
            }
        }
        guard let origin = head.headerFields[.origin], !isAllowed(origin, head) else { return }
        throw RequestFailure(
            .originNotAllowed,
            "pages of this origin may not speak here; add it to the server's setting 'origins', "
                + "or its name to 'hosts' if it is the server's own")
    }

    private func isAllowed(_ origin: String, _ head: HTTPRequest) -> Bool {
        if origins.contains("*") || origins.contains(origin) { return true }
        // Both leave out the port that is usual for the scheme, and both write IPv6 addresses in brackets.
        guard let scheme = origin.firstRange(of: "://") else { return false }
        let own = origin[scheme.upperBound...].lowercased()
        // A page cannot set these headers for a WebSocket; a proxy does.
        let served = [head.authority, HTTPField.Name("X-Forwarded-Host").flatMap { head.headerFields[$0] }]
        return isKnown(host: own) && served.contains { $0?.lowercased() == own }
    }

    /// - Parameter host: name or address, with its port or without.
    private func isKnown(host: String) -> Bool {
        if host.hasPrefix("[") { return true }
        let name = String(host.prefix { $0 != ":" })
        let isAddress = !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        return isAddress || name == "localhost" || name.hasSuffix(".localhost")
            || hosts.contains { [name, host].contains($0.lowercased()) }
    }

    private static func token(of head: HTTPRequest) -> String? {
        if let field = head.headerFields[.authorization], field.hasPrefix("Bearer ") {
            return String(field.dropFirst("Bearer ".count))
        }
        let query = URLComponents(string: head.path ?? "")?.queryItems
        return query?.first { $0.name == "access_token" }?.value
    }
}
