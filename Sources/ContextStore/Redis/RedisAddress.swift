/// Where a Redis is, and how to log in there.
///
///     redis://[[user]:password@]host[:port][/database]
///     redis+unix:///path/to.sock[?db=0&user=name&password=secret]
///
/// The port is 6379 and the database 0 if nothing is said. Special characters in user, password and path are written as
/// in every URL: `%40` for `@`. No text made of an address shows the password.
package struct RedisAddress: Sendable, Hashable {
    /// Where it listens.
    package enum Endpoint: Sendable, Hashable {
        /// A host's name or address, and a port in 1...65535.
        case tcp(host: String, port: Int)
        /// The path of a socket.
        case unix(path: String)
    }

    /// Where it listens.
    package let endpoint: Endpoint
    /// The name to log in with; `nil` for Redis's default user.
    package let user: String?
    /// The password, if there is one. Not for messages.
    let password: String?
    /// The number of the database, at least 0.
    package let database: Int

    /// Reads an address.
    ///
    /// - Throws: ``ContextStoreError/Code/badAddress``.
    package init(_ text: String) throws(ContextStoreError) {
        if let rest = text.after("redis://") {
            let parts = try TCPParts(rest)
            endpoint = .tcp(host: parts.host, port: parts.port)
            (user, password, database) = (parts.user, parts.password, parts.database)
        } else if let rest = text.after("redis+unix://") {
            let parts = try SocketParts(rest)
            endpoint = .unix(path: parts.path)
            (user, password, database) = (parts.user, parts.password, parts.database)
        } else if text.after("rediss://") != nil {
            throw .badAddress("TLS to Redis goes through a proxy (see docs); give the proxy's redis:// address")
        } else {
            throw .badAddress("it begins with redis:// or redis+unix://")
        }
        guard user == nil || password != nil else { throw .badAddress("it has a user but no password; give both") }
    }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address without user and password.
    package var description: String {
        let suffix = database == 0 ? "" : "\(database)"
        return switch endpoint {
        case .tcp(let host, let port):
            "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)\(suffix.isEmpty ? "" : "/\(suffix)")"
        case .unix(let path): "redis+unix://\(path)\(suffix.isEmpty ? "" : "?db=\(suffix)")"
        }
    }

    /// The same.
    package var debugDescription: String { description }

    /// Nothing of what is inside.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `[[user]:password@]host[:port][/database]`
private struct TCPParts {
    let host: String
    let port: Int
    let user: String?
    let password: String?
    let database: Int

    init(_ text: Substring) throws(ContextStoreError) {
        guard !text.contains("?"), !text.contains("#") else {
            throw .badAddress("after the database nothing follows; write ? as %3F and # as %23 in a password")
        }
        let (authority, path) = text.cut(atFirst: "/")
        guard path?.contains("@") != true else {
            throw .badAddress("before the @ stands no /; write / as %2F in a password")
        }
        if let at = authority.lastIndex(of: "@") {
            let (name, secret) = authority[..<at].cut(atFirst: ":")
            user = name.isEmpty ? nil : try name.decoded("the user")
            password = try secret?.decoded("the password")
        } else {
            (user, password) = (nil, nil)
        }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let portText: Substring?
        if place.first == "[" {
            let (address, rest) = place.dropFirst().cut(atFirst: "]")
            guard let rest, rest.isEmpty || rest.first == ":" else {
                throw .badAddress("an IPv6 address stands in [ and ]; write redis://[::1]:6379")
            }
            host = String(address)
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            let (name, rest) = place.cut(atFirst: ":")
            host = String(name)
            portText = rest
        }
        guard !host.isEmpty else { throw .badAddress("it has no host; write redis://127.0.0.1:6379") }
        port = try portText?.number(in: 1...65_535, "the port is a number from 1 to 65535") ?? 6379
        database = try path.databaseNumber()
    }
}

/// `/path/to.sock[?db=0&user=name&password=secret]`
private struct SocketParts {
    let path: String
    var user: String?
    var password: String?
    var database = 0

    init(_ text: Substring) throws(ContextStoreError) {
        let (path, query) = text.cut(atFirst: "?")
        guard path.first == "/" else {
            throw .badAddress("the path of its socket begins with /; write redis+unix:///run/redis/redis.sock")
        }
        self.path = try path.decoded("the path")
        for item in query?.split(separator: "&") ?? [] {
            let (name, value) = item.cut(atFirst: "=")
            switch name {
            case "db": database = try value.databaseNumber()
            case "user": user = try value?.decoded("the user")
            case "password": password = try value?.decoded("the password")
            default: throw .badAddress("after ? come only db=, user= and password=, with & between them")
            }
        }
    }
}

extension ContextStoreError {
    fileprivate static func badAddress(_ reason: String) -> ContextStoreError {
        // The text itself stays out of it: a password may stand anywhere in what is written wrongly.
        ContextStoreError(.badAddress, "the address of Redis cannot be read: \(reason)")
    }
}

extension StringProtocol {
    fileprivate func after(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? Substring(self).dropFirst(prefix.count) : nil
    }
}

extension Substring {
    fileprivate func cut(atFirst separator: Character) -> (Substring, Substring?) {
        guard let index = firstIndex(of: separator) else { return (self, nil) }
        return (self[..<index], self[self.index(after: index)...])
    }

    fileprivate func number(in range: ClosedRange<Int>, _ rule: String) throws(ContextStoreError) -> Int {
        guard !isEmpty, utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(self), range.contains(number)
        else { throw .badAddress(rule) }
        return number
    }

    /// The text with its `%XX` as bytes.
    fileprivate func decoded(_ name: String) throws(ContextStoreError) -> String {
        var bytes: [UInt8] = []
        var rest = self
        while let first = rest.utf8.first {
            guard first == UInt8(ascii: "%") else {
                bytes.append(first)
                rest = Substring(rest.utf8.dropFirst())
                continue
            }
            let digits = rest.utf8.dropFirst().prefix(2)
            guard digits.count == 2, let byte = UInt8(String(Substring(digits)), radix: 16) else {
                throw .badAddress("in \(name), % stands before two hexadecimal digits; write % itself as %25")
            }
            bytes.append(byte)
            rest = Substring(rest.utf8.dropFirst(3))
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty, !bytes.contains(0) else {
            throw .badAddress("\(name) is empty or no text; give it, or leave it out")
        }
        return text
    }
}

extension Substring? {
    fileprivate func databaseNumber() throws(ContextStoreError) -> Int {
        guard let self, !self.isEmpty else { return 0 }
        return try self.number(in: 0...999_999, "the database is a number, usually 0 to 15")
    }
}
