internal import Locks

/// Lets tasks wait until something changes.
final class Waiting: Sendable {
    private struct State {
        var last = 0
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
    }
    private let state = Guarded(State())

    /// A change that comes from now on.
    struct Change: Sendable {
        fileprivate let number: Int
        fileprivate let stream: AsyncStream<Void>
        fileprivate let owner: Waiting
    }

    /// To be called before what is waited for is looked at, so that no change is missed; then ``Change/wait(until:)``.
    func next() -> Change {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.last += 1
            state.waiting[state.last] = continuation
            return state.last
        }
        return Change(number: number, stream: stream, owner: self)
    }

    /// Something has changed.
    func changed() {
        for continuation in state.withLock({ Array($0.waiting.values) }) { continuation.yield() }
    }

    fileprivate func forget(_ number: Int) { state.withLock { $0.waiting[number] = nil } }
}

extension Waiting.Change {
    /// Waits for the change, until a time, or until the task is cancelled.
    func wait(until deadline: ContinuousClock.Instant) async {
        defer { owner.forget(number) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream { return } }
            group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits for nothing.
    func forget() { owner.forget(number) }
}
