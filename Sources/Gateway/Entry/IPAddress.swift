internal import Foundation
package import NIOCore

/// An address of the Internet Protocol, without a port.
package struct IPAddress: Sendable, Hashable {
    /// 4 bytes, or 16.
    package let bytes: [UInt8]

    /// An address as a socket has it; `nil` where it is no address of a network.
    ///
    /// One of IPv4 that is written as one of IPv6 (`::ffff:10.0.0.7`), as sockets for both have it, becomes the former.
    package init?(_ address: SocketAddress?) {
        let bytes: [UInt8]
        switch address {
        case .v4(let address): bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address): bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        case .unixDomainSocket, nil: return nil
        }
        let isMapped = bytes.count == 16 && Array(bytes.prefix(12)) == Self.mapped
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    }

    /// An address as people and proxies write it: `10.0.0.7`, `::1`, `[::1]`, with a port behind it or without.
    package init?(_ text: some StringProtocol) {
        var host = Substring(text)
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            host = host[host.index(after: host.startIndex)..<end]
        } else if host.count(where: { $0 == ":" }) == 1 {
            host = host.prefix { $0 != ":" }
        }
        guard let address = try? SocketAddress(ipAddress: String(host), port: 0) else { return nil }
        self.init(address)
    }

    /// The network that one customer usually has: the address itself, or the first 64 bits of an address of IPv6 (RFC 6177).
    package var household: IPNetwork { IPNetwork(self, bits: bytes.count == 4 ? 32 : 64) }

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [255, 255]
}

/// Addresses that begin alike.
package struct IPNetwork: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// - Parameter bits: how many bits they share.
    package init(_ address: IPAddress, bits: Int) {
        self.bits = bits
        bytes = address.bytes.enumerated().map { index, byte in byte & Self.mask(of: index, bits: bits) }
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`, or a single address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(parts[0]) else { return nil }
        let most = 8 * address.bytes.count
        guard let bits = parts.count == 1 ? most : Int(parts[1]), (0...most).contains(bits) else { return nil }
        self.init(address, bits: bits)
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.bytes.count == bytes.count && IPNetwork(address, bits: bits).bytes == bytes
    }

    private static func mask(of index: Int, bits: Int) -> UInt8 {
        let own = min(8, max(0, bits - 8 * index))
        return ~UInt8(truncatingIfNeeded: 255 >> own)
    }
}
