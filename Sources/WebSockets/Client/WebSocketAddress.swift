import Foundation

/// The parts of a `ws` or `wss` address.
package struct WebSocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// Whether the connection is encrypted.
    package let isSecure: Bool
    /// A name or an IP address, without brackets.
    package let host: String
    package let port: Int
    /// Path and query as they go into the request, percent-encoded.
    package let target: String

    /// Takes an address apart.
    ///
    /// - Throws: ``WebSocketError/Code/badAddress``.
    package init(_ text: String) throws(WebSocketError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
            throw .badAddress(text)
        }
        guard scheme == "ws" || scheme == "wss", let host = parts.host, !host.isEmpty else { throw .badAddress(text) }
        guard parts.user == nil, parts.password == nil, parts.fragment == nil else { throw .badAddress(text) }
        isSecure = scheme == "wss"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { throw .badAddress(text) }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = parts.percentEncodedQuery.map { "\(path)?\($0)" } ?? path
    }

    /// The value of the `Host` header.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The address without its query, which may hold a secret.
    package var description: String {
        "\(isSecure ? "wss" : "ws")://\(authority)\(target.prefix { $0 != "?" })"
    }
}

extension WebSocketError {
    fileprivate static func badAddress(_ text: String) -> WebSocketError {
        let shown = text.prefix { $0 != "?" && $0 != "@" }
        return WebSocketError(
            .badAddress,
            "'\(shown)' is no address of a WebSocket; write it like ws://host:8080/path or wss://host/path")
    }
}
