internal import Locks
internal import NIOCore

/// Runs one server for each address of a place, all on one port.
package struct Listeners: Sendable {
    /// So often another port is tried where any will do: one that is free at the first address may be taken at the next.
    private static let attempts = 8

    private let hosts: [String]
    /// 0 takes any that is free at all of them.
    private let port: Int
    /// Serves at an address until the service group shuts down; calls back with the port once connections are taken.
    private let serve: Serve

    /// Serves at an address until the service group shuts down; calls back with the port once connections are taken.
    package typealias Serve =
        @Sendable (_ host: String, _ port: Int, _ onListening: @escaping @Sendable (Int) -> Void) async throws -> Void

    /// - Parameters:
    ///   - place: where to listen.
    ///   - port: 0 takes any that is free at all addresses of the place.
    ///   - serve: see ``Serve``.
    package init(_ place: ListeningAddress, port: Int, serve: @escaping Serve) {
        hosts = place.hosts
        self.port = port
        self.serve = serve
    }

    /// Serves until the service group shuts down.
    ///
    /// - Parameter onListening: told the port once connections are taken at all addresses that there are.
    /// - Throws: ``ListeningError`` when there is no address, or another program has the port at one of them.
    package func run(onListening: @Sendable (Int) async -> Void) async throws {
        for attempt in 1... {
            do {
                return try await runOnce(onListening)
            } catch let error as ListeningError where error.code == .portTaken && port == 0 && attempt < Self.attempts {
                continue
            }
        }
    }

    private func runOnce(_ onListening: @Sendable (Int) async -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            var port = port
            var missing: ListeningError?
            var count = 0
            for host in hosts {
                let (running, feed) = AsyncThrowingStream.makeStream(of: Int.self)
                let hasBegun = Guarded(false)
                let wanted = port
                group.addTask {
                    do {
                        try await serve(host, wanted) { bound in
                            hasBegun.withLock { $0 = true }
                            feed.yield(bound)
                        }
                        feed.finish()
                    } catch {
                        // Before it listens, others decide what that means.
                        guard hasBegun.withLock({ $0 }) else {
                            return feed.finish(throwing: ListeningError(error, host: host, port: wanted))
                        }
                        throw error
                    }
                }
                do {
                    for try await bound in running {
                        port = bound
                        count += 1
                        break
                    }
                } catch let error as ListeningError where error.code == .noSuchAddress && hosts.count > 1 {
                    missing = error
                }
            }
            if count == 0, let missing { throw missing }
            if count > 0 { await onListening(port) }
            try await group.waitForAll()
        }
    }
}
