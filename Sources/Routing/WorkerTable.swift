package import Recognition
package import SoriProtocol

/// The workers of one kind, and which of them serves a request best. A value: whoever has it brings the time.
package struct WorkerTable: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// Seconds for which a busy GPU is waited for while processors are idle.
    private static let gpuPatience = 0.25
    /// The pause after the first failure, in seconds, and the longest.
    private static let rest = (first: 0.5, longest: 30.0)
    /// How long a worker whose queue is full gets nothing.
    private static let fullFor: ClosedRange<Duration> = .seconds(0.2)...(.seconds(2))
    private static let mostHistory = 100

    /// The workers that there are.
    package private(set) var workers: [WorkerAddress: WorkerRecord] = [:]
    /// Which recognisers windows go to.
    package var mode = RoutingMode.auto
    /// The model of the first worker that came: all others must have the same, or texts would depend on who wrote them.
    package private(set) var model: ModelDescription?

    package init() {}

    // MARK: - What is found out

    /// Takes in which workers there are.
    package mutating func found(_ addresses: [WorkerAddress]) {
        for address in addresses where workers[address] == nil { workers[address] = WorkerRecord(address) }
        for address in workers.keys where !addresses.contains(address) { workers[address] = nil }
    }

    /// A connection is open.
    package mutating func opened(_ address: WorkerAddress, _ hello: WorkerReply.Hello, at now: Instant) {
        guard let described = hello.recognizer?.model ?? hello.detector?.model else { return }
        let model = model ?? described
        self.model = model
        change(address, at: now) { worker in
            worker.hello = hello
            worker.isRefused = described.digest != model.digest
            worker.reason =
                worker.isRefused
                ? "it has the model \(described.name) (\(described.digest.prefix(8))), the others have "
                    + "\(model.name) (\(model.digest.prefix(8))); start it with the same one"
                : nil
            if let costs = hello.recognizer?.costs { worker.averageWork = costs.window }
            (worker.failures, worker.restsUntil) = (0, nil)
        }
    }

    /// A connection is gone, or could not be opened.
    package mutating func lost(_ address: WorkerAddress, _ reason: String, at now: Instant) {
        change(address, at: now) { worker in
            (worker.hello, worker.reason, worker.isRefused) = (nil, reason, false)
        }
    }

    /// A worker has said at `/is_ready` how it is, or could not be asked.
    package mutating func probed(
        _ address: WorkerAddress, _ answer: Result<WorkerStatus, RoutingError>, at now: Instant
    ) {
        change(address, at: now) { worker in
            switch answer {
            case .success(let status):
                (worker.status, worker.probeFailure) = (status, nil)
                worker.inFlightAtStatus = worker.inFlight
            case .failure(let error): worker.probeFailure = error.message
            }
        }
    }

    /// A worker gets no more windows, or gets some again.
    package mutating func drain(_ address: WorkerAddress, _ isDrained: Bool, at now: Instant) {
        change(address, at: now) { $0.isDrained = isDrained }
    }

    // MARK: - Requests

    /// What became of a request.
    package enum Outcome: Sendable, Equatable {
        /// It was answered after so many seconds of work.
        case answered(work: Double)
        /// It came to nothing, through the worker's fault.
        case failed(String)
        /// The worker has too much to do, for so long as it says.
        case refused(retryAfter: Duration?)
        /// It says nothing about the worker: it was taken back, or made no sense.
        case neither
    }

    /// A request is sent.
    package mutating func began(_ address: WorkerAddress) { workers[address]?.inFlight += 1 }

    /// A request is over.
    package mutating func ended(_ address: WorkerAddress, _ outcome: Outcome, at now: Instant) {
        change(address, at: now) { worker in
            worker.inFlight = max(0, worker.inFlight - 1)
            switch outcome {
            case .answered(let work):
                worker.answered += 1
                worker.averageWork += 0.1 * (work - worker.averageWork)
                (worker.failures, worker.restsUntil) = (0, nil)
                if !worker.isRefused { worker.reason = nil }
            case .failed(let reason):
                worker.failed += 1
                worker.failures += 1
                worker.reason = reason
                let pause = min(Self.rest.first * Double(1 << min(worker.failures - 1, 10)), Self.rest.longest)
                worker.restsUntil = now + .seconds(pause)
            case .refused(let retryAfter):
                let pause = min(
                    max(retryAfter ?? Self.fullFor.lowerBound, Self.fullFor.lowerBound), Self.fullFor.upperBound)
                worker.restsUntil = max(worker.restsUntil ?? now, now + pause)
                worker.reason = "its queue is full"
            case .neither: break
            }
        }
    }

    /// The worker that serves a request best; `nil` when none is ready.
    ///
    /// - Parameter excluded: those that have it already, or have failed with it.
    package func choose(excluding excluded: Set<WorkerAddress> = [], at now: Instant) -> WorkerAddress? {
        let ready = workers.values.filter { worker in
            guard !excluded.contains(worker.address), worker.state(at: now) == .ready else { return false }
            return switch mode {
            case .auto: true
            case .cpu: !worker.isGPU
            case .gpu: worker.isGPU
            }
        }
        let best = { (workers: [WorkerRecord]) in
            workers.min {
                ($0.expectedWait, $0.averageWork, $0.inFlight, $0.address.description) < (
                    $1.expectedWait, $1.averageWork, $1.inFlight, $1.address.description
                )
            }
        }
        if let gpu = best(ready.filter(\.isGPU)), gpu.expectedWait <= Self.gpuPatience { return gpu.address }
        return best(ready)?.address
    }

    /// The worker that serves a request best, if it would begin at once.
    package func idle(excluding excluded: Set<WorkerAddress>, at now: Instant) -> WorkerAddress? {
        choose(excluding: excluded, at: now).flatMap { workers[$0]?.expectedWait == 0 ? $0 : nil }
    }

    /// When something changes by itself: a worker that rests is ready again.
    package func nextChange(after now: Instant) -> Instant? {
        workers.values.compactMap(\.restsUntil).filter { $0 > now }.min()
    }

    /// Why nobody can be served; `nil` when somebody can.
    package func unavailableReason(at now: Instant) -> String? {
        guard choose(at: now) == nil else { return nil }
        if workers.isEmpty { return "no worker is known" }
        let reasons = workers.values.sorted { $0.address.description < $1.address.description }
            .compactMap { worker in
                worker.unavailableReason(at: now).map { "\(worker.address): \($0)" }
            }
        return reasons.isEmpty ? "no worker of the mode '\(mode.rawValue)' is ready" : reasons.joined(separator: "; ")
    }

    /// Windows that all workers that are ready work on at the same time, and what a window costs there on average.
    package func capacity(at now: Instant) -> (lanes: Int, costs: RecognitionCosts)? {
        let ready = workers.values.filter { $0.state(at: now) == .ready }
        let lanes = ready.reduce(0) { $0 + $1.lanes }
        guard lanes > 0 else { return nil }
        let weighed = ready.compactMap { worker in worker.hello?.recognizer?.costs.map { ($0, Double(worker.lanes)) } }
        let sum = weighed.reduce(0) { $0 + $1.1 }
        guard sum > 0 else { return nil }
        return (
            lanes,
            RecognitionCosts(
                window: weighed.reduce(0) { $0 + $1.0.window * $1.1 } / sum,
                finalSecond: weighed.reduce(0) { $0 + $1.0.finalSecond * $1.1 } / sum)
        )
    }

    private mutating func change(_ address: WorkerAddress, at now: Instant, _ body: (inout WorkerRecord) -> Void) {
        guard var worker = workers[address] else { return }
        body(&worker)
        let state = worker.state(at: now)
        if worker.history.last?.state != state {
            worker.history.append((now, state))
            if worker.history.count > Self.mostHistory { worker.history.removeFirst() }
        }
        workers[address] = worker
    }
}
