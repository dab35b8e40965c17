import ContextStore
import Foundation
import Locks
import Testing

struct NeverCame: Error, CustomStringConvertible {
    let description: String
}

/// Waits for something that is about to be.
@discardableResult
func until<Output>(
    _ what: String, within limit: Duration = .seconds(15), _ look: () async throws -> Output?
) async throws -> Output {
    let end = ContinuousClock.now + limit
    while true {
        if let output = try await look() { return output }
        guard .now < end else { throw NeverCame(description: "within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(3))
    }
}

/// The error that `body` throws, if it is one of a store.
func failure<Output>(_ body: () async throws -> Output) async -> ContextStoreError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? ContextStoreError
    }
}

/// The code of the error that `body` throws.
func code<Output>(_ body: () async throws -> Output) async -> ContextStoreError.Code? { await failure(body)?.code }

/// A clock that stands still until it is set.
final class ManualClock: Sendable {
    private let time = Guarded(1_700_000_000.0)

    var now: Double { time.withLock { $0 } }

    func advance(by seconds: Double) { time.withLock { $0 += seconds } }
}

/// Pauses that last until the test ends them.
final class ManualPauses: Sendable {
    private struct State {
        var lengths: [Duration] = []
        var current: AsyncStream<Void>.Continuation?
    }

    private let state = Guarded(State())

    /// Pauses that have begun.
    var lengths: [Duration] { state.withLock(\.lengths) }

    func wait(_ length: Duration) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            state.lengths.append(length)
            state.current = continuation
        }
        for await _ in stream { return }
        throw CancellationError()
    }

    /// Ends the pause of now, and waits for the next or until `isOver`.
    func end(unless isOver: () -> Bool) async throws {
        let pause = try await until("a pause") {
            state.withLock { state in
                defer { state.current = nil }
                return state.current
            }
        }
        pause.yield()
        try await until("the end of a look") { isOver() || state.withLock { $0.current != nil } ? true : nil }
    }
}

/// A store that fails when it is told to, and loses what it has.
final class FailingStore: ContextStore {
    private let stores: Guarded<MemoryContextStore>
    private let error = Guarded<ContextStoreError?>(nil)
    private let clock: ManualClock
    private let timeToLive: Double

    init(timeToLive: Double = 60, clock: ManualClock = ManualClock()) {
        self.clock = clock
        self.timeToLive = timeToLive
        stores = Guarded(MemoryContextStore(timeToLive: timeToLive) { clock.now })
    }

    func fail(_ code: ContextStoreError.Code?) {
        error.withLock { $0 = code.map { ContextStoreError($0, "on purpose") } }
    }

    func loseEverything() {
        stores.withLock { $0 = MemoryContextStore(timeToLive: timeToLive) { [clock] in clock.now } }
    }

    /// The store as somebody sees it for whom it works.
    var behind: MemoryContextStore { stores.withLock { $0 } }

    private func store() throws(ContextStoreError) -> MemoryContextStore {
        if let error = error.withLock({ $0 }) { throw error }
        return behind
    }

    func create(_ session: String, owner: String, record: [UInt8]) async throws(ContextStoreError) -> Fence {
        try await store().create(session, owner: owner, record: record)
    }

    func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        try await store().save(record, of: session, fence: fence)
    }

    func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try await store().renew(session, fence: fence)
    }

    func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        try await store().takeOver(session, owner: owner)
    }

    func restore(_ stored: StoredSession) async throws(ContextStoreError) { try await store().restore(stored) }

    func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        try await store().read(session)
    }

    func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {
        try await store().remove(session, fence: fence)
    }

    func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] {
        try await store().sessions(limit: limit)
    }

    func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        try await store().publish(event, of: session)
    }

    func subscribe(_ subscription: StoreSubscription, to channel: StoreChannel) async throws(ContextStoreError) {
        try await behind.subscribe(subscription, to: channel)
    }

    func check() async throws(ContextStoreError) { try await store().check() }
}
