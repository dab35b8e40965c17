import Dispatch
import Foundation
import Recognition
import Testing
import WhisperRecognition

@Suite("A pool of lanes", .timeLimit(.minutes(3)))
struct LanePoolTests {
    @Test("does what waits in the order in which it came, live before background")
    func order() async throws {
        let pool = try makePool()
        let log = Log<String>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await withBusyLane(of: pool) { _ in
                let requests: [(String, RecognitionPriority)] = [
                    ("file 1", .background), ("window 1", .live), ("file 2", .background), ("window 2", .live),
                ]
                for (index, (name, priority)) in requests.enumerated() {
                    group.addTask { try await pool.submit(Job { log.append(name) }, priority: priority) }
                    await pool.whenQueued(index + 1)
                }
            }
            try await group.waitForAll()
        }
        #expect(log.entries == ["window 1", "window 2", "file 1", "file 2"])
    }

    @Test("refuses what its queue has no room for, and says when to come back")
    func bound() async throws {
        let pool = try makePool(queueLimit: 2)
        try await withThrowingTaskGroup(of: Int.self) { group in
            try await withBusyLane(of: pool) { _ in
                for number in 1...2 { group.addTask { try await pool.submit(Job { number }) } }
                await pool.whenQueued(2)
                let error = await recognitionError { try await pool.submit(Job { 3 }) }
                #expect(error?.code == .overloaded)
                #expect(error?.retryAfter == .seconds(2))
                #expect(error?.description == "the queue is full (2 waiting); try again in 2.0 s or add lanes")
                #expect(pool.statistics.refused == 1)
            }
            let sum = try await group.reduce(0, +)
            #expect(sum == 3, "the others are not disturbed")
        }
        #expect(try await pool.submit(Job { 4 }) == 4, "there is room again")
    }

    @Test("needs no queue while a lane is idle")
    func noQueue() async throws {
        let pool = try makePool(lanes: 2, queueLimit: 0)
        try await withBusyLane(of: pool) { _ in
            try await withBusyLane(of: pool) { _ in
                let error = await recognitionError { try await pool.submit(Job { 1 }) }
                #expect(error?.code == .overloaded)
            }
        }
    }

    @Test("runs two requests at once on two lanes, each with its own thread and engine")
    func parallel() async throws {
        let pool = try makePool(lanes: 2)
        let first = DispatchSemaphore(value: 0)
        let second = DispatchSemaphore(value: 0)
        // Each waits for the other, so one lane alone would wait for ever.
        async let one = pool.submit(
            Job { engine, _ in
                first.signal()
                second.wait()
                return [engine.home, engine.use()]
            })
        async let two = pool.submit(
            Job { engine, _ in
                second.signal()
                first.wait()
                return [engine.home, engine.use()]
            })
        let marks = try await [one, two]
        #expect(marks[0][0] == marks[0][1])
        #expect(marks[1][0] == marks[1][1])
        #expect(marks[0] != marks[1])
    }

    @Test("warms all lanes up at the same time")
    func warmUp() async throws {
        let arrived = Counter()
        let pool = try LanePool(count: 3, queueLimit: 1) {
            arrived.add(1)
            // The last one opens the door for all: one after the other would wait for ever.
            while arrived.value < 3 { sched_yield() }
            return ThreadBoundEngine()
        }
        try await pool.warmUp()
        try await pool.warmUp()
        #expect(arrived.value == 3)
    }

    @Test("reports an engine that cannot be made, and uses it once it can")
    func factoryFailure() async throws {
        let repairs = Counter()
        let pool = try LanePool(count: 2, queueLimit: 1) {
            if repairs.value == 0 { throw Broken(id: 1) }
            return ThreadBoundEngine()
        }
        let atStart = await recognitionError { try await pool.warmUp() }
        #expect(atStart?.code == .engineUnavailable)
        let later = await recognitionError { try await pool.submit(Job { 1 }) }
        #expect(later?.code == .engineUnavailable)
        #expect(later?.cause as? Broken == Broken(id: 1))
        #expect(pool.statistics.failed == 1)
        repairs.add(1)
        #expect(try await pool.submit(Job { 1 }) == 1)
    }

    @Test("keeps serving after requests that fail")
    func bodyFailure() async throws {
        let pool = try makePool()
        for id in 0..<5 {
            let error = await recognitionError { try await pool.submit(Job<Int> { throw Broken(id: id) }) }
            #expect(error?.code == .engineFailed)
            #expect(error?.cause as? Broken == Broken(id: id))
        }
        #expect(try await pool.submit(Job { engine, _ in engine.home == .current }))
        #expect(pool.statistics.failed == 5)
        #expect(pool.statistics.completed == 1)
    }

    @Test("passes on an error of its own kind as it is")
    func ownErrors() async throws {
        let pool = try makePool()
        let error = await recognitionError {
            try await pool.submit(Job<Int> { throw RecognitionError(.engineUnavailable, "no model; pull one") })
        }
        #expect(error?.code == .engineUnavailable)
        #expect(error?.description == "no model; pull one")
    }

    @Test("does ten thousand small requests, each once")
    func manyRequests() async throws {
        let pool = try makePool(lanes: 3, queueLimit: 10_000)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...10_000 {
                group.addTask {
                    try await pool.submit(
                        Job { engine, _ in
                            _ = engine.use()
                            return number
                        }, priority: number.isMultiple(of: 2) ? .live : .background)
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 50_005_000)
        #expect(pool.statistics.completed == 10_000)
        #expect(pool.statistics.queued == 0)
    }

    @Test("counts what it does")
    func statistics() async throws {
        let pool = try makePool(lanes: 2, queueLimit: 5)
        try await withBusyLane(of: pool) { _ in
            let now = pool.statistics
            #expect(now.isOpen)
            #expect(now.queueLimit == 5)
            #expect(now.running == 1)
            #expect(now.lanes.map(\.isBusy) == [true, false])
            #expect(now.lanes[0].busy > .zero)
            #expect(now.lanes[1].busy == .zero)
            _ = try await pool.submit(Job { 1 })
        }
        let after = pool.statistics
        #expect(after.running == 0)
        #expect(after.completed == 2)
        #expect(after.started == 2)
        #expect(after.ran == after.lanes[0].busy + after.lanes[1].busy)
        #expect(after.ran > .zero)
        #expect(after.waited > .zero)
        #expect(after.uptime >= after.lanes[0].busy)
        #expect(after.lanes.allSatisfy { $0.busyShare > 0 && $0.busyShare <= 1 })
    }
}
