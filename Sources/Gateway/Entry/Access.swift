package import AccessTokens
internal import HTTPTypes
internal import SoriProtocol
internal import WebSockets

/// Who may speak, watch and administer: those who show a token that lets them, on pages of known origins only.
package struct Access: Sendable {
    /// The token that lets its holders speak, if it is not one of many.
    private let token: String?
    private let adminToken: String?
    private let tokens: TokenRegistry?
    private let signed: SignedTokens?
    /// Origins of pages beside the server's own, such as `https://example.org`; `*` for all.
    private let origins: [String]
    /// Names under which the server is known, beside addresses and localhost: a page of the server's own is one whose origin
    /// has such a name. With any other name, somebody's page could have its name lead here (DNS rebinding).
    private let hosts: [String]
    /// Whether only programs of this machine can connect.
    let isForThisMachine: Bool

    /// - Parameters:
    ///   - tokens: the tokens of a file; `nil` for none. Without them and without a token in the settings everybody may speak,
    ///     and without an administrator's token nobody may administer.
    ///   - signed: tokens that somebody else signs; `nil` for none.
    package init(_ settings: ServerSettings, tokens: TokenRegistry? = nil, signed: SignedTokens? = nil) {
        (token, adminToken, self.tokens, self.signed) = (settings.token, settings.adminToken, tokens, signed)
        (origins, hosts) = (settings.origins, settings.hosts)
        isForThisMachine = ListeningAddress(settings.host).isLoopback
    }

    /// What the sender of a request may do.
    ///
    /// - Parameters:
    ///   - permission: what is asked for: to speak, or to watch.
    ///   - session: the one to watch.
    /// - Throws: ``RequestFailure``, with `unauthorized` or `origin_not_allowed`.
    func grant(_ head: HTTPRequest, _ permission: Permission, session: String? = nil) async throws -> Grant {
        let grant = try await grant(of: head)
        guard grant.allows(permission, session: session) else {
            let here = permission == .watch && grant.permission == .watch ? " this session" : " here"
            throw RequestFailure(.unauthorized, "this token does not let its holder \(permission.rawValue)\(here)")
        }
        if let origin = head.headerFields[.origin], !isAllowed(origin, head) {
            throw RequestFailure(
                .originNotAllowed,
                "pages of this origin may not speak here; add it to the server's setting 'origins', "
                    + "or its name to 'hosts' if it is the server's own")
        }
        return grant
    }

    private func grant(of head: HTTPRequest) async throws -> Grant {
        guard token != nil || hasTokensOfPeople else { return .everybody }
        guard let shown = ShownToken(head) else {
            throw RequestFailure(
                .unauthorized,
                "send a token as 'Authorization: Bearer TOKEN', as the subprotocol sori.token.TOKEN, or as ?access_token=TOKEN"
            )
        }
        if let token, Secret.isEqual(shown.text, token) { return .everybody }
        guard let grant = await grant(for: shown.text) else {
            throw RequestFailure(.unauthorized, "the token is wrong, has expired or was revoked; ask for another one")
        }
        return grant
    }

    /// What one of many tokens grants; `nil` for nothing.
    private func grant(for text: String) async -> Grant? {
        if let signed, SignedTokens.isOne(text) { return await signed.grant(for: text) }
        return tokens?.grant(for: text)
    }

    private var hasTokensOfPeople: Bool { tokens != nil || signed != nil }

    /// Whether what was granted does not count any longer. Signed tokens cannot be revoked.
    func isRevoked(_ grant: Grant) -> Bool {
        guard let holder = grant.holder, let tokens, !holder.hasPrefix("jwt:") else { return false }
        return tokens.isRevoked(holder)
    }

    /// Whether somebody can administer at all.
    var hasAdministrators: Bool { adminToken != nil || hasTokensOfPeople }

    /// Who sends a request, where he may administer: the name of his token. Such a token is taken as a header only, which no other
    /// page can send.
    func administrator(_ head: HTTPRequest) async -> String? {
        guard let given = BearerToken(head) else { return nil }
        if let adminToken, given.isEqual(to: adminToken) { return "admin.token" }
        guard let grant = await grant(for: given.text), grant.allows(.administer) else { return nil }
        return grant.holder ?? "a token"
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

    /// Whether a name is one of the server's own.
    ///
    /// - Parameter host: name or address in lower case, with its port or without.
    func isKnown(host: String) -> Bool {
        if host.hasPrefix("[") { return true }
        let name = String(host.prefix { $0 != ":" })
        let isAddress = !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        return isAddress || name == "localhost" || name.hasSuffix(".localhost")
            || hosts.contains { [name, host].contains($0.lowercased()) }
    }
}
