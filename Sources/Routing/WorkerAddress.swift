internal import Foundation

/// Where a worker listens.
package struct WorkerAddress: Sendable, Hashable, CustomStringConvertible {
    /// Whether connections are encrypted.
    package let isSecure: Bool
    /// A name or an address, without brackets.
    package let host: String
    package let port: Int

    package init(isSecure: Bool = false, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, or the same behind `ws://`, `http://`, `wss://` or `https://`.
    ///
    /// - Throws: ``RoutingError`` that says how to write it.
    package init(_ text: String) throws(RoutingError) {
        let shown = text.prefix { $0 != "?" && $0 != "@" }
        let failure = RoutingError(
            "'\(shown)' is no address of a worker; write it like localhost:8090 or ws://10.0.0.7:8090")
        let full = text.contains("://") ? text : "ws://\(text)"
        guard let parts = URLComponents(string: full), let scheme = parts.scheme?.lowercased(),
            ["ws", "wss", "http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
            ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil, parts.user == nil
        else { throw failure }
        isSecure = ["wss", "https"].contains(scheme)
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        guard let port = parts.port ?? (text.contains("://") ? (isSecure ? 443 : 80) : nil), (1...65_535).contains(port)
        else { throw failure }
        self.port = port
    }

    private var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// `host:port`.
    package var description: String { authority }

    /// The address of a WebSocket there.
    package func socket(_ path: String) -> String { "\(isSecure ? "wss" : "ws")://\(authority)\(path)" }

    /// The address of a page there.
    package func page(_ path: String) -> String { "\(isSecure ? "https" : "http")://\(authority)\(path)" }
}

/// Why workers cannot be used as they were given.
package struct RoutingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line that says what is wrong and what to do.
    package let message: String
    /// The ``message``.
    package var description: String { message }

    package init(_ message: String) { self.message = message }
}
