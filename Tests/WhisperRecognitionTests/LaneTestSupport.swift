import Dispatch
import Foundation
import Locks
import Recognition
import Synchronization
import WhisperRecognition

/// An engine that must stay on one thread, and knows on which.
final class ThreadBoundEngine {
    let home = ThreadMark.current
    private(set) var uses = 0
    private let alive: Counter?

    /// Creates an engine that counts itself in `alive` while it lives.
    init(alive: Counter? = nil) {
        self.alive = alive
        alive?.add(1)
    }

    deinit { alive?.add(-1) }

    func use() -> ThreadMark {
        uses += 1
        return .current
    }
}

/// A thread, as long as it lives.
struct ThreadMark: Sendable, Hashable {
    private let thread: ObjectIdentifier

    static var current: ThreadMark { ThreadMark(thread: ObjectIdentifier(Thread.current)) }
}

/// Work that runs a closure.
struct Job<Output: Sendable>: Sendable {
    let body: @Sendable (ThreadBoundEngine, CancellationFlag) throws -> Output

    init(_ body: @escaping @Sendable (ThreadBoundEngine, CancellationFlag) throws -> Output) {
        self.body = body
    }

    init(_ body: @escaping @Sendable () throws -> Output) {
        self.body = { _, _ in try body() }
    }
}

extension LanePool where Engine == ThreadBoundEngine {
    func submit<Output: Sendable>(
        _ job: Job<Output>, priority: RecognitionPriority = .live
    ) async throws(RecognitionError) -> Output {
        try await submit(priority: priority, job.body)
    }
}

/// What a failing test engine throws.
struct Broken: Error, Equatable {
    var id = 0
}

/// Holds threads back until it is opened; then it stays open.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let entered = Counter()

    /// How many have come to the gate.
    var arrivals: Int { entered.value }

    /// Blocks the calling thread; not for async code.
    func pass() {
        entered.add(1)
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}

/// A number that threads change.
final class Counter: Sendable {
    private let storage = Atomic(0)

    var value: Int { storage.load(ordering: .acquiring) }

    @discardableResult
    func add(_ number: Int) -> Int {
        storage.add(number, ordering: .acquiringAndReleasing).newValue
    }
}

/// A list that threads append to.
final class Log<Entry: Sendable>: Sendable {
    private let storage = Guarded<[Entry]>([])

    var entries: [Entry] { storage.withLock { $0 } }

    func append(_ entry: Entry) { storage.withLock { $0.append(entry) } }
}

/// Waits for something that another task or thread is about to do; the suite's time limit ends it if that never comes.
@concurrent
func until(_ condition: @Sendable () -> Bool) async {
    while !condition(), !Task.isCancelled { await Task.yield() }
}

extension LanePool {
    /// Waits for a number of requests to stand in the queue.
    func whenQueued(_ count: Int) async {
        await until { self.statistics.queued == count }
    }
}

/// A pool of test engines.
func makePool(
    lanes: Int = 1, queueLimit: Int = 100, alive: Counter? = nil
) throws -> LanePool<ThreadBoundEngine> {
    try LanePool(name: "test", count: lanes, queueLimit: queueLimit) {
        ThreadBoundEngine(alive: alive)
    }
}

/// Occupies one lane until the gate opens, while `body` runs.
func withBusyLane<Result>(
    of pool: LanePool<ThreadBoundEngine>, _ body: (Gate) async throws -> Result
) async throws -> Result {
    let gate = Gate()
    async let blocker: Void = pool.submit(Job { gate.pass() })
    await until { gate.arrivals == 1 }
    defer { gate.open() }
    let result = try await body(gate)
    gate.open()
    try await blocker
    return result
}

/// The error that `body` throws, if it is one of this module.
func recognitionError<Value>(_ body: () async throws -> Value) async -> RecognitionError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? RecognitionError
    }
}
