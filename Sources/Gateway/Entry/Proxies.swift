package import HTTPTypes
package import NIOCore

/// The proxies that stand before a server: only they are believed when they say for whom they ask.
package struct Proxies: Sendable, CustomStringConvertible {
    private let networks: [IPNetwork]
    /// As they are written in settings.
    package let description: String

    /// None: clients come to the server themselves.
    package init() {
        (networks, description) = ([], "")
    }

    /// - Parameter text: addresses and networks with commas between them, such as `10.0.0.7,fd00::/8`.
    /// - Returns: `nil` where one of them is neither.
    package init?(_ text: String) {
        let networks = text.split(separator: ",").map { IPNetwork($0.filter { $0 != " " }) }
        guard !networks.contains(nil) else { return nil }
        self.networks = networks.compactMap(\.self)
        description = text
    }

    /// Who sent a request.
    ///
    /// Each proxy adds whom it was asked by to the end of `X-Forwarded-For`, and what stands before that came from the client,
    /// who may write what it likes. So the last entry counts that is not one of the proxies.
    ///
    /// - Parameters:
    ///   - remote: the other end of the connection.
    /// - Returns: `nil` where the connection is not one of a network.
    package func client(of head: HTTPRequest, from remote: SocketAddress?) -> IPAddress? {
        guard var client = IPAddress(remote) else { return nil }
        guard !networks.isEmpty, let name = HTTPField.Name("X-Forwarded-For") else { return client }
        let hops = head.headerFields[values: name].flatMap { line in
            line.split(separator: ",").map { hop in String(hop.filter { $0 != " " && $0 != "\t" }) }
        }
        for hop in hops.reversed() {
            guard isProxy(client), let address = IPAddress(hop) else { break }
            client = address
        }
        return client
    }

    private func isProxy(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }
}
