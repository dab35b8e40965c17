internal import Locks

/// A store that goes on in memory while another is out of order, and tells it everything when it is back.
///
/// The newest record of each session that is owned here is always kept in memory, too. During an outage only those
/// sessions can be taken over or read: of others nobody can say anything, so that the outage's error is thrown. What is
/// published then is heard only at this gateway. When the store is back, sessions are stored under the fences that their
/// owners have; whoever has taken one over elsewhere meanwhile keeps it, and its owner here is fenced off.
package final class ResilientContextStore: Sendable {
    /// How the store is.
    package enum Health: Sendable {
        /// All is well.
        case working
        /// It goes on in memory; the error says why.
        case degraded(ContextStoreError)

        /// Whether it goes on in memory.
        package var isDegraded: Bool {
            if case .degraded = self { true } else { false }
        }
    }

    private struct State {
        var outage: OutageState
        var watchers: [Int: AsyncStream<Health>.Continuation] = [:]
        var nextWatcher = 0

        var health: Health { outage.outage.map { .degraded($0) } ?? .working }

        func tell() {
            for watcher in watchers.values { watcher.yield(health) }
        }
    }

    /// What is used as long as it works.
    let primary: any ContextStore
    /// What is owned here, always.
    let memory: MemoryContextStore
    private let state: Guarded<State>
    private let wait: @Sendable (Duration) async throws -> Void
    private let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - primary: the store that is used as long as it works.
    ///   - memory: an empty store with the same time to live.
    ///   - pauses: between two looks whether the store is back: the first, and the longest to which they grow.
    ///   - wait: lets time pass, or throws when it is cancelled.
    package init(
        _ primary: any ContextStore, memory: MemoryContextStore,
        pauses: ClosedRange<Duration> = .milliseconds(250)...(.seconds(5)),
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.primary = primary
        self.memory = memory
        self.wait = wait
        state = Guarded(State(outage: OutageState(pauses: pauses)))
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How it is now.
    package var health: Health { state.withLock(\.health) }

    /// Whether it goes on in memory.
    package var isDegraded: Bool { health.isDegraded }

    /// Sessions that the store has to be told of when it is back.
    package var debtCount: Int { state.withLock(\.outage.debtCount) }

    /// How it is now, and every change from now on; of those that wait for a slow watcher, the newest eight.
    package func healthChanges() -> AsyncStream<Health> {
        let (stream, watcher) = AsyncStream.makeStream(of: Health.self, bufferingPolicy: .bufferingNewest(8))
        let number = state.withLock { state in
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = watcher
            watcher.yield(state.health)
            return state.nextWatcher
        }
        watcher.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
        return stream
    }

    /// Brings the store back into use after each outage, until the task is cancelled. Without it, outages do not end.
    package func run() async {
        for await _ in bell {
            while isDegraded {
                let pause = state.withLock { $0.outage.nextPause() }
                do { try await wait(pause) } catch { return }
                await lookAgain()
            }
        }
    }

    /// Goes over to memory if the store is the reason for an error.
    ///
    /// - Throws: the error, if the store is not the reason.
    func tolerate(_ error: ContextStoreError) throws(ContextStoreError) {
        guard error.code.isOutage else { throw error }
        state.withLock { state in
            if state.outage.failed(error) { state.tell() }
        }
        ringer.yield()
    }

    /// The error of what cannot be done in memory.
    var outage: ContextStoreError? { state.withLock(\.outage.outage) }

    /// Has the store told of a session: later, or now if it works again.
    func owe(_ debt: OutageState.Debt, of session: String) async throws(ContextStoreError) {
        while !state.withLock({ $0.outage.owe(debt, of: session) }) {
            do throws(ContextStoreError) {
                return try await pay(debt, of: session)
            } catch {
                try tolerate(error)
            }
        }
    }

    private func lookAgain() async {
        do throws(ContextStoreError) {
            try await primary.check()
            repeat {
                // One round after the other: a session that is saved all the time must not hold up the rest.
                for due in state.withLock(\.outage.dues) {
                    do throws(ContextStoreError) {
                        try await pay(due.debt, of: due.session)
                    } catch {
                        // Its owner gets the same error with the next save.
                        if error.code.isOutage { throw error }
                    }
                    state.withLock { $0.outage.settle(due) }
                }
            } while !state.withLock { state in
                let isBack = state.outage.recover()
                if isBack { state.tell() }
                return isBack
            }
        } catch {
            state.withLock { _ = $0.outage.failed(error) }
        }
    }

    /// Tells the store of a session.
    private func pay(_ debt: OutageState.Debt, of session: String) async throws(ContextStoreError) {
        switch debt {
        case .remove(let fence): try await primary.remove(session, fence: fence)
        case .restore:
            guard let stored = try await memory.read(session) else { return }
            do throws(ContextStoreError) {
                try await primary.restore(stored)
            } catch {
                if error.code == .fenced { try await yield(stored) }
                throw error
            }
        }
    }

    /// Somebody else has taken over: who owned the session here hears of it, and nothing old stays in memory.
    private func yield(_ stored: StoredSession) async throws(ContextStoreError) {
        let newest = try await primary.read(stored.session)
        if let newest { try await memory.restore(newest) }
        try await memory.remove(stored.session, fence: newest?.fence ?? stored.fence)
    }
}
