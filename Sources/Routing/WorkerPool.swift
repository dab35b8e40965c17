internal import AsyncHTTPClient
internal import Foundation
internal import Locks
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Recognition
internal import RemoteRecognition
package import SoriProtocol
package import WebSockets

/// The workers of one kind: their connections, what is known of them, and the way of each request to one of them.
package final class WorkerPool: Sendable {
    struct State {
        var table = WorkerTable()
        var links: [WorkerAddress: WorkerLink] = [:]
    }

    private let path: String
    private let discovery: any Discovery
    private let token: String?
    private let trustedRoots: TrustedRoots
    private let logger: Logger
    let state = Guarded(State())
    let changes = Waiting()
    private let probeInterval: Double
    let onEvent: @Sendable (Event) -> Void

    /// What is counted and shown.
    package enum Event: Sendable {
        /// Something about a worker, or which of them are used, has changed.
        case changed
        /// A request was answered, or not, by a kind of device.
        case routed(kind: String, isGPU: Bool, WorkerTable.Outcome)
        /// A request went to another worker because the first had failed or was late.
        case failedOver(isLate: Bool)
    }

    /// - Parameters:
    ///   - path: of the workers' sockets: `/v1/recognize` or `/v1/detect`.
    ///   - token: the workers' token.
    ///   - trustedRoots: who vouches for workers whose addresses begin with `wss`.
    ///   - probeInterval: seconds between two questions at `/is_ready`, on average.
    package init(
        path: String, discovery: any Discovery, token: String? = nil, trustedRoots: TrustedRoots = .system,
        probeInterval: Double = 1, logger: Logger,
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.path = path
        self.discovery = discovery
        self.token = token
        self.trustedRoots = trustedRoots
        self.probeInterval = probeInterval
        self.logger = logger
        self.onEvent = onEvent
    }

    // MARK: - What is known

    /// Looks at the workers as they are now.
    package func read<Value: Sendable>(_ body: (WorkerTable) -> Value) -> Value { state.withLock { body($0.table) } }

    /// Changes what is known, or which workers are used.
    package func change(_ body: (inout WorkerTable) -> Void) {
        state.withLock { body(&$0.table) }
        changes.changed()
        onEvent(.changed)
    }

    /// Waits until a worker is ready, and gives its description and address.
    package func firstReady() async throws -> (address: WorkerAddress, hello: WorkerReply.Hello) {
        while true {
            try Task.checkCancellation()
            let change = changes.next()
            let found = read { table in
                table.choose(at: .now).flatMap { address in table.workers[address]?.hello.map { (address, $0) } }
            }
            if let found {
                change.forget()
                return found
            }
            await change.wait(until: .now + .seconds(1))
        }
    }

    /// Waits until something changes, for so long at most.
    package func change(within longest: Duration) async throws {
        await changes.next().wait(until: .now + longest)
        try Task.checkCancellation()
    }

    // MARK: - Connections

    /// Keeps connections to all workers, and asks them how they are, until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            let (found, feed) = AsyncStream.makeStream(of: [WorkerAddress].self)
            group.addTask { await self.discovery.watch { feed.yield($0) } }
            let ends = Guarded<[WorkerAddress: AsyncStream<Never>.Continuation]>([:])
            for await addresses in found {
                change { $0.found(addresses) }
                let known = ends.withLock { Set($0.keys) }
                for gone in known.subtracting(addresses) {
                    ends.withLock { $0.removeValue(forKey: gone) }?.finish()
                }
                for address in Set(addresses).subtracting(known) {
                    let (end, ending) = AsyncStream.makeStream(of: Never.self)
                    ends.withLock { $0[address] = ending }
                    group.addTask { await self.serve(address, until: end) }
                }
            }
            group.cancelAll()
        }
    }

    private func serve(_ address: WorkerAddress, until end: AsyncStream<Never>) async {
        let link = WorkerLink(url: address.socket(path), token: token, trustedRoots: trustedRoots, logger: logger) {
            change in
            switch change {
            case .opened(let hello):
                self.change { $0.opened(address, hello, at: .now) }
                self.logger.info("worker connected", metadata: ["worker": "\(address)"])
                if let reason = self.read({
                    $0.workers[address].flatMap { $0.state(at: .now) == .refused ? $0.reason : nil }
                }) {
                    self.logger.warning("worker not used", metadata: ["worker": "\(address)", "reason": "\(reason)"])
                }
            case .lost(let reason): self.change { $0.lost(address, reason, at: .now) }
            }
        }
        state.withLock { $0.links[address] = link }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await link.run() }
            group.addTask { await self.probe(address) }
            group.addTask { for await _ in end {} }
            await group.next()
            group.cancelAll()
        }
        // One that was gone and is back has another link.
        state.withLock { if $0.links[address] === link { $0.links[address] = nil } }
    }

    /// Asks a worker how it is, about once an interval: not all gateways at the same moment.
    private func probe(_ address: WorkerAddress) async {
        while !Task.isCancelled {
            let answer = await status(of: address)
            change { $0.probed(address, answer, at: .now) }
            do { try await Task.sleep(for: .seconds(probeInterval * .random(in: 0.7...1.3))) } catch { return }
        }
    }

    private func status(of address: WorkerAddress) async -> Result<WorkerStatus, RoutingError> {
        do {
            return .success(try await get(WorkerStatus.self, "/is_ready", from: address, within: 2, upTo: 1 << 16))
        } catch is DecodingError {
            return .failure(RoutingError("its /is_ready answers something else; check that a Sori worker is there"))
        } catch {
            return .failure(RoutingError("its /is_ready does not answer"))
        }
    }

    /// What a worker says at one of its pages, in JSON.
    ///
    /// - Parameters:
    ///   - seconds: in which it has to come.
    ///   - bytes: of the longest answer that is read.
    package func get<Value: Decodable>(
        _ type: Value.Type, _ path: String, from address: WorkerAddress, within seconds: Int64, upTo bytes: Int
    ) async throws -> Value {
        var request = HTTPClientRequest(url: address.page(path))
        if address.isSecure { request.tlsConfiguration = try trustedRoots.clientConfiguration() }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(seconds))
        let body = try await response.body.collect(upTo: bytes)
        return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }
}
