import Foundation
internal import Recognition
import Testing
import WhisperRecognition

@Suite("A thread executor", .timeLimit(.minutes(1)))
struct LaneExecutorTests {
    /// An actor on its own thread.
    private actor Resident {
        private let executor: ThreadExecutor
        private(set) var visits: [ThreadMark] = []

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ executor: ThreadExecutor) { self.executor = executor }

        func visit() -> ThreadMark {
            visits.append(.current)
            return .current
        }
    }

    @Test("keeps an actor on one thread that is nobody else's")
    func identity() async throws {
        let first = Resident(try ThreadExecutor(name: "first"))
        let second = Resident(try ThreadExecutor(name: "second"))
        var marks: [Set<ThreadMark>] = [[], []]
        for _ in 0..<50 {
            marks[0].insert(await first.visit())
            marks[1].insert(await second.visit())
            await Task.yield()
        }
        #expect(marks[0].count == 1)
        #expect(marks[1].count == 1)
        #expect(marks[0] != marks[1])
    }

    @Test("runs work in the order in which it was handed over")
    func order() async throws {
        let executor = try ThreadExecutor(name: "order")
        let log = Log<Int>()
        await withCheckedContinuation { continuation in
            for number in 0..<1000 { executor.run { log.append(number) } }
            executor.run { continuation.resume() }
        }
        #expect(log.entries == Array(0..<1000))
    }

    @Test("knows its own thread")
    func isolation() async throws {
        let executor = try ThreadExecutor(name: "isolation")
        let inside = await withCheckedContinuation { continuation in
            executor.run { continuation.resume(returning: executor.isIsolatingCurrentContext()) }
        }
        #expect(inside == true)
        #expect(executor.isIsolatingCurrentContext() == false)
    }

    @Test("has the stack that was asked for")
    func stack() async throws {
        let executor = try ThreadExecutor(name: "stack", stackSize: 16 << 20)
        let sum = await withCheckedContinuation { continuation in
            executor.run {
                let sum = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 12 << 20) { bytes in
                    bytes.initialize(repeating: 1)
                    return bytes.reduce(0) { $0 + Int($1) }
                }
                continuation.resume(returning: sum)
            }
        }
        #expect(sum == 12 << 20)
    }

    @Test("says clearly that the system gave it no thread")
    func refusal() async {
        let error = await recognitionError { try ThreadExecutor(name: "tiny", stackSize: 1) }
        #expect(error?.code == .threadUnavailable)
    }

    @Test("runs what it was given, then goes away, wherever it is released")
    func release() async throws {
        let log = Log<Int>()
        let gate = Gate()
        weak var released: ThreadExecutor?
        do {
            let executor = try ThreadExecutor(name: "bye-inside")
            released = executor
            executor.run { gate.pass() }
            await until { gate.arrivals == 1 }
            for number in 0..<10 { executor.run { log.append(number) } }
        }
        #expect(released != nil, "work that waits keeps the executor")
        gate.open()
        await until { threadCount(named: "bye-inside") == 0 }
        #expect(released == nil)
        #expect(log.entries == Array(0..<10))

        do {
            let executor = try ThreadExecutor(name: "bye-outside")
            released = executor
            await withCheckedContinuation { continuation in executor.run { continuation.resume() } }
        }
        await until { threadCount(named: "bye-outside") == 0 }
        #expect(released == nil)
    }

    @Test("leaves no thread behind after a hundred came and went")
    func churn() async throws {
        for _ in 0..<100 {
            let resident = Resident(try ThreadExecutor(name: "churn"))
            _ = await resident.visit()
        }
        await until { threadCount(named: "churn") == 0 }
        #expect(threadCount(named: "churn") == 0)
    }

    @Test("leaves Swift's own threads free while it blocks")
    func cooperativePool() async throws {
        let gate = Gate()
        let executors = try (0..<ProcessInfo.processInfo.activeProcessorCount * 2 + 2).map { index in
            try ThreadExecutor(name: "block-\(index)")
        }
        for executor in executors { executor.run { gate.pass() } }
        await until { gate.arrivals == executors.count }
        // All executors block now. Ordinary async functions must still get anywhere, or nobody opens the gate.
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 1...100 {
                group.addTask {
                    await Task.yield()
                    return number
                }
            }
            return await group.reduce(0, +)
        }
        gate.open()
        #expect(sum == 5050)
    }
}

/// How many threads of this process have a name; 0 where the system does not tell.
private func threadCount(named name: String) -> Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return tasks.count { task in
        let comm = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
        return comm?.trimmingCharacters(in: .newlines) == name
    }
}
