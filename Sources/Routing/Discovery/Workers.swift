package import Logging

/// The workers that were given: addresses, or one name that leads to any number of them.
package enum Workers {
    /// - Returns: a list that stays as it is, or, for one name alone, whatever the DNS says it leads to, again and again.
    /// - Throws: ``RoutingError`` for what is no address.
    package static func discovery(_ given: [String], logger: Logger) throws(RoutingError) -> any Discovery {
        var addresses: [WorkerAddress] = []
        for text in given {
            let address = try WorkerAddress(text)
            if addresses.contains(address) { throw RoutingError("the worker \(address) is given twice; give it once") }
            addresses.append(address)
        }
        if let only = addresses.first, addresses.count == 1, only.isName, !only.isSecure {
            return DNSDiscovery(name: only.host, port: only.port, logger: logger)
        }
        return StaticDiscovery(addresses)
    }
}

extension WorkerAddress {
    /// Whether its host is a name of the DNS: neither an address nor this machine's own name for itself.
    fileprivate var isName: Bool {
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        return !isAddress && host.lowercased() != "localhost"
    }
}
