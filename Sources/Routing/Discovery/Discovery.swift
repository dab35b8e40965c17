internal import Foundation
package import Logging
internal import NIOPosix

/// Says where workers are: a list, or a name that leads to one or more of them.
package protocol Discovery: Sendable {
    /// Calls `body` with the workers that there are, and again whenever that changes, until the task is cancelled.
    func watch(_ body: @Sendable ([WorkerAddress]) -> Void) async
}

/// Workers that are known by their addresses.
package struct StaticDiscovery: Discovery {
    private let workers: [WorkerAddress]

    package init(_ workers: [WorkerAddress]) { self.workers = workers }

    /// Tells the list, once.
    package func watch(_ body: @Sendable ([WorkerAddress]) -> Void) async { body(workers) }
}

/// Workers behind a name of the DNS, each with an address of its own: what a headless service of Kubernetes is.
package struct DNSDiscovery: Discovery {
    private let name: String
    private let port: Int
    private let interval: Duration
    private let logger: Logger
    private let resolve: @Sendable (String) async throws(RoutingError) -> [String]

    /// - Parameters:
    ///   - interval: how often the name is resolved.
    ///   - resolve: gives the addresses of a name.
    package init(
        name: String, port: Int, interval: Duration = .seconds(5), logger: Logger,
        resolve: @escaping @Sendable (String) async throws(RoutingError) -> [String] = DNSDiscovery.addresses
    ) {
        self.name = name
        self.port = port
        self.interval = interval
        self.logger = logger
        self.resolve = resolve
    }

    /// Tells the addresses whenever they are others than before. While the name cannot be resolved, the last ones stay.
    package func watch(_ body: @Sendable ([WorkerAddress]) -> Void) async {
        var told: [WorkerAddress] = []
        var complaint: RoutingError?
        while !Task.isCancelled {
            do throws(RoutingError) {
                let found = try await resolve(name).sorted().map { WorkerAddress(host: $0, port: port) }
                complaint = nil
                if found != told {
                    told = found
                    body(found)
                }
            } catch {
                if complaint != error { logger.warning("\(error)") }
                complaint = error
            }
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// The addresses of a name, as the system resolves it.
    ///
    /// - Throws: ``RoutingError`` when it cannot be resolved.
    package static func addresses(of name: String) async throws(RoutingError) -> [String] {
        do {
            return try await NIOThreadPool.singleton.runIfActive { try Self.resolve(name) }
        } catch let error as RoutingError {
            throw error
        } catch {
            throw RoutingError("'\(name)' was not resolved: \(error)")
        }
    }

    private static func resolve(_ name: String) throws -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &first)
        guard status == 0 else {
            let reason = String(cString: gai_strerror(status))
            throw RoutingError(
                "the workers' name '\(name)' cannot be resolved (\(reason)); check the name and the DNS server")
        }
        defer { freeaddrinfo(first) }
        var found: [String] = []
        var next = first
        while let info = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            if getnameinfo(info.ai_addr, info.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST) == 0 {
                let address = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
                if !address.isEmpty, !found.contains(address) { found.append(address) }
            }
            next = info.ai_next
        }
        return found
    }
}
