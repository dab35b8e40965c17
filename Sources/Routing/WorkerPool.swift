internal import AsyncHTTPClient
internal import Foundation
internal import Locks
package import Logging
internal import NIOCore
internal import NIOHTTP1
package import Recognition
package import RemoteRecognition
package import SoriProtocol
package import WebSockets

/// The workers of one kind: their connections, what is known of them, and the way of each request to one of them.
package final class WorkerPool: Sendable {
    private struct State {
        var table = WorkerTable()
        var links: [WorkerAddress: WorkerLink] = [:]
    }

    private let path: String
    private let discovery: any Discovery
    private let token: String?
    private let trustedRoots: TrustedRoots
    private let logger: Logger
    private let state = Guarded(State())
    private let changes = Waiting()
    private let probeInterval: Double
    private let onEvent: @Sendable (Event) -> Void

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

    // MARK: - Requests

    /// How long a request may take.
    package struct Patience: Sendable {
        /// Seconds after which it has no answer.
        package var deadline: Double
        /// Seconds after which a second worker gets it too, if there is one; the first answer wins.
        package var late: Double

        package init(deadline: Double, late: Double) {
            self.deadline = deadline
            self.late = late
        }
    }

    /// Gives a request to the best worker; to another one when that fails or is late. Waits for a worker while none is ready.
    ///
    /// - Parameters:
    ///   - kind: what it is counted as: a priority, or `detection`.
    ///   - body: asks a worker; returns the answer and the seconds of work for it.
    /// - Throws: ``RecognitionError/Code/noWorker`` after the deadline, or an error that no worker can do anything about.
    package func perform<Answer: Sendable>(
        _ kind: String, _ patience: Patience,
        _ body: @escaping @Sendable (WorkerLink) async throws(RecognitionError) -> (Answer, Double)
    ) async throws(RecognitionError) -> Answer {
        let deadline = ContinuousClock.now + .seconds(patience.deadline)
        var tried: Set<WorkerAddress> = []
        var last: RecognitionError?
        while !Task.isCancelled {
            let now = ContinuousClock.now
            guard now < deadline else { throw last.map(Self.gaveUp) ?? noWorker(at: now) }
            let change = changes.next()
            // Whoever has failed may be tried again when nobody else is left, after its rest.
            guard let first = read({ $0.choose(excluding: tried, at: now) ?? $0.choose(at: now) }) else {
                let wake = read { $0.nextChange(after: now) } ?? deadline
                await change.wait(until: min(wake, deadline))
                continue
            }
            change.forget()
            do {
                return try await race(
                    first, kind, patience, isBlamed: last?.code != .engineFailed, until: deadline, body)
            } catch {
                guard error.code.mayWorkLater else { throw error }
                // Two engines in a row have given up on it: it is the request.
                if error.code == .engineFailed, last?.code == .engineFailed, tried.count > 0 { throw error }
                last = error
                tried.insert(first)
                if !Task.isCancelled { onEvent(.failedOver(isLate: false)) }
            }
        }
        throw .cancelled
    }

    private static func gaveUp(_ error: RecognitionError) -> RecognitionError {
        RecognitionError(.noWorker, "no worker has answered in time; the last one: \(error.message)", cause: error)
    }

    private func noWorker(at now: ContinuousClock.Instant) -> RecognitionError {
        RecognitionError(.noWorker, "no worker is ready: \(read { $0.unavailableReason(at: now) } ?? "all are busy")")
    }

    private enum Step<Answer: Sendable>: Sendable {
        case answer(WorkerAddress, Result<Answer, RecognitionError>)
        case late
        case over
    }

    /// Asks a worker, and a second one when the first is late.
    private func race<Answer: Sendable>(
        _ first: WorkerAddress, _ kind: String, _ patience: Patience, isBlamed: Bool,
        until deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (WorkerLink) async throws(RecognitionError) -> (Answer, Double)
    ) async throws(RecognitionError) -> Answer {
        let result = await withTaskGroup(of: Step<Answer>.self) { group in
            var asked: Set<WorkerAddress> = [first]
            var open = 1
            var failure: RecognitionError?
            group.addTask { .answer(first, await self.ask(first, kind, isBlamed: isBlamed, body)) }
            group.addTask {
                let late = min(.now + .seconds(patience.late), deadline)
                do { try await Task.sleep(until: late, clock: .continuous) } catch { return .over }
                return late < deadline ? .late : .over
            }
            defer { group.cancelAll() }
            while open > 0, let step = await group.next() {
                switch step {
                case .answer(_, .success(let answer)):
                    // Those that were late are told by being taken back.
                    if asked.count > 1 { self.onEvent(.failedOver(isLate: true)) }
                    return Result<Answer, RecognitionError>.success(answer)
                case .answer(_, .failure(let error)):
                    open -= 1
                    failure = error
                case .late:
                    group.addTask {
                        try? await Task.sleep(until: deadline, clock: .continuous)
                        return .over
                    }
                    // Where all are busy, a second try would only make everything later.
                    guard let second = read({ $0.idle(excluding: asked, at: .now) }) else { continue }
                    asked.insert(second)
                    open += 1
                    group.addTask { .answer(second, await self.ask(second, kind, isBlamed: isBlamed, body)) }
                case .over:
                    if Task.isCancelled { return .failure(.cancelled) }
                    return .failure(
                        failure ?? RecognitionError(.noWorker, "the worker \(first) did not answer in time"))
                }
            }
            return .failure(failure ?? .cancelled)
        }
        return try result.get()
    }

    /// Asks one worker, and takes in what that says of it.
    ///
    /// - Parameter isBlamed: whether an engine that fails is to blame: not when another has failed with the same request.
    private func ask<Answer: Sendable>(
        _ address: WorkerAddress, _ kind: String, isBlamed: Bool,
        _ body: (WorkerLink) async throws(RecognitionError) -> (Answer, Double)
    ) async -> Result<Answer, RecognitionError> {
        let (link, isGPU) = state.withLock { state in
            state.table.began(address)
            return (state.links[address], state.table.workers[address]?.isGPU ?? false)
        }
        let answer: Result<Answer, RecognitionError>
        let outcome: WorkerTable.Outcome
        do throws(RecognitionError) {
            guard let link else { throw RecognitionError(.connectionLost, "the worker \(address) is gone") }
            let (value, work) = try await body(link)
            (answer, outcome) = (.success(value), .answered(work: work))
        } catch {
            answer = .failure(error)
            outcome =
                switch error.code {
                case .cancelled, .badInput: .neither
                case .overloaded: .refused(retryAfter: error.retryAfter)
                case .engineFailed where !isBlamed: .neither
                default: .failed(error.message)
                }
        }
        state.withLock { $0.table.ended(address, outcome, at: .now) }
        changes.changed()
        onEvent(.routed(kind: kind, isGPU: isGPU, outcome))
        return answer
    }
}
