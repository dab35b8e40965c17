internal import Foundation
internal import NIOCore

/// Where a server listens, from what people write: a name, an address of either kind, with or without brackets.
package struct ListeningAddress: Sendable, Equatable {
    /// Addresses to listen on, all with the same port. Those after the first may be missing on a machine.
    package let hosts: [String]

    /// `localhost` is both loopback addresses: programs and browsers try either of them first.
    package init(_ text: String) {
        let host = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        hosts = host.lowercased() == "localhost" ? ["127.0.0.1", "::1"] : [host]
    }

    /// The first address as it stands in a URL.
    package var shown: String { Self.inURL(hosts.first ?? "") }

    /// Whether only programs of this machine can connect. A name other than localhost may lead anywhere.
    package var isLoopback: Bool {
        hosts.allSatisfy { host in
            guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return false }
            return switch address {
            case .v4: host.hasPrefix("127.")
            // As the address is written in full or in short.
            case .v6: address.ipAddress == "::1"
            case .unixDomainSocket: true
            }
        }
    }

    static func inURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

/// Why a server cannot listen at an address.
package struct ListeningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What can be done about it.
    package enum Code: Sendable, Equatable {
        /// Another program has the port.
        case portTaken
        /// The machine does not have the address.
        case noSuchAddress
        /// Anything else.
        case other
    }

    package let code: Code
    /// One line that says what is wrong and what to do.
    package let description: String

    init(_ error: any Error, host: String, port: Int) {
        let place = "\(ListeningAddress.inURL(host)):\(port)"
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            code = .portTaken
            description = "\(place) is taken by another program; choose another port with --port, or 0 for any"
        case EACCES:
            code = .other
            description = "\(place) needs more rights; choose a port from 1024 on with --port"
        case EADDRNOTAVAIL, EAFNOSUPPORT, EPROTONOSUPPORT:
            self = .noSuchAddress(host)
        case let number?:
            code = .other
            let reason = String(cString: strerror(number))
            description = "cannot listen on \(place) (\(reason)); choose another place with --host and --port"
        case nil where error is SocketAddressError || error is SocketAddressError.UnknownHost:
            self = .noSuchAddress(host)
        case nil:
            code = .other
            description = "cannot listen on \(place) (\(error)); choose another place with --host and --port"
        }
    }

    private init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    private static func noSuchAddress(_ host: String) -> ListeningError {
        ListeningError(
            .noSuchAddress,
            "'\(host)' is no address of this machine; give --host localhost, one of its addresses, or 0.0.0.0 or :: for all"
        )
    }
}
