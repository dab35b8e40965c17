internal import Locks
package import Recognition
package import RemoteRecognition

/// The way of a request: to the best worker, to another one when that fails, and to a second one when it is late.
extension WorkerPool {
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
