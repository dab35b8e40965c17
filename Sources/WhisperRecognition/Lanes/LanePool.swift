internal import Locks
package import Recognition

/// Lanes that share one bounded queue.
///
/// A request goes to the first idle lane, or waits: by priority, and each priority in the order in which it came.
/// A caller whose task is cancelled is let go at once: a waiting request leaves the queue, a running one is told by its
/// ``CancellationFlag``, and its lane takes new work when it has noticed.
package final class LanePool<Engine>: Sendable {
    private let lanes: [Lane<Engine>]
    private let state: Guarded<LanePoolState<Engine>>
    private let drains = Guarded<[CheckedContinuation<Void, Never>]>([])

    /// Starts the lanes' threads. Engines are made when they are needed, or by ``warmUp()``.
    ///
    /// - Parameters:
    ///   - name: of the lanes' threads, followed by their number; at most 12 bytes are seen on Linux.
    ///   - count: how many lanes, at least one: as many as there are cores to spare.
    ///   - queueLimit: how many requests may wait when all lanes are busy; further ones are refused.
    ///   - makeEngine: called once on each lane's thread, at the same time on several; again only if it has failed.
    /// - Throws: ``RecognitionError/Code/threadUnavailable`` if the system has no thread left.
    package init(
        name: String = "lane", count: Int, queueLimit: Int,
        makeEngine: @escaping @Sendable () throws -> Engine
    ) throws(RecognitionError) {
        var lanes: [Lane<Engine>] = []
        for index in 0..<max(count, 1) {
            lanes.append(try Lane(name: "\(name)-\(index)", makeEngine: makeEngine))
        }
        self.lanes = lanes
        self.state = Guarded(LanePoolState(lanes: lanes.count, queueLimit: max(queueLimit, 0), now: .now))
    }

    /// Makes the engines that are missing, all at the same time.
    ///
    /// - Throws: ``RecognitionError/Code/engineUnavailable`` if one could not be made, when all have been tried.
    package func warmUp() async throws(RecognitionError) {
        let failure = await withTaskGroup(of: RecognitionError?.self) { group in
            for lane in lanes {
                group.addTask {
                    do throws(RecognitionError) {
                        try await lane.warmUp()
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        if let failure { throw failure }
    }

    /// Does some work on a lane.
    ///
    /// - Parameters:
    ///   - priority: who goes first when all lanes are busy.
    ///   - work: done on a lane's thread, with its engine, which must not be kept. When the flag is raised, nobody wants
    ///     the result any longer: throw soon.
    /// - Throws: ``RecognitionError/Code/overloaded`` when the queue is full, ``RecognitionError/Code/cancelled``,
    ///   ``RecognitionError/Code/shutDown``, ``RecognitionError/Code/engineUnavailable``, or
    ///   ``RecognitionError/Code/engineFailed`` with the engine's own error as the cause.
    package func submit<Output: Sendable>(
        priority: RecognitionPriority = .live,
        _ work: @escaping @Sendable (Engine, CancellationFlag) throws -> Output
    ) async throws(RecognitionError) -> Output {
        let cancellation = CancellationFlag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                admit(LaneTicket(priority, cancellation, caller: caller, work: work))
            }
        } onCancel: {
            cancel(cancellation)
        }
        return try result.get()
    }

    /// Takes no more requests, finishes those it has, and destroys the engines.
    ///
    /// If the calling task is cancelled, what is not finished is cut off as by ``shutDown()``.
    package func drain() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                drains.withLock { $0.append(caller) }
                state.withLock { $0.close() }
                resumeDrains()
            }
        } onCancel: {
            shutDown()
        }
        for lane in lanes { await lane.release() }
    }

    /// Takes no more requests and lets every caller go with ``RecognitionError/Code/shutDown``, at once.
    ///
    /// ``drain()`` afterwards waits for the lanes to notice.
    package func shutDown() {
        let tickets = state.withLock { state in
            state.close()
            return state.takeAll()
        }
        for ticket in tickets {
            ticket.cancellation.cancel()
            ticket.failure(.shutDown).deliver()
        }
    }

    /// What the pool does now and has done so far.
    package var statistics: LaneStatistics {
        state.withLock { $0.statistics(now: .now) }
    }

    private func admit(_ ticket: LaneTicket<Engine>) {
        switch state.withLock({ $0.admit(ticket, now: .now) }) {
        case .start(let lane): start(lane)
        case .wait: break
        case .refuse(let error): ticket.failure(error).deliver()
        }
    }

    private func cancel(_ cancellation: CancellationFlag) {
        // In this order: either the ticket is found here, or its admission finds the flag raised.
        cancellation.cancel()
        state.withLock { $0.cancel(cancellation) }?.failure(.cancelled).deliver()
    }

    private func start(_ index: Int) {
        lanes[index].enqueue { [self] lane in serve(index, on: lane) }
    }

    /// Does one ticket's work on a lane's thread. The next is put behind whatever else the lane has been asked for meanwhile.
    private func serve(_ index: Int, on lane: isolated Lane<Engine>) {
        let outcome = state.withLock { $0.ticket(on: index) }.map { ticket in
            do {
                return try lane.run { engine in ticket.perform(on: engine) }
            } catch {
                return ticket.failure(.engineFailed(error))
            }
        }
        let finished = state.withLock { $0.finish(index, outcome, now: .now) }
        finished.outcome?.deliver()
        if finished.hasNext { start(index) } else { resumeDrains() }
    }

    private func resumeDrains() {
        guard state.withLock({ $0.isDrained }) else { return }
        let callers = drains.withLock { callers in
            defer { callers = [] }
            return callers
        }
        for caller in callers { caller.resume() }
    }
}
