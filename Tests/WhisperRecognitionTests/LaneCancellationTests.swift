import Recognition
import Testing
internal import WhisperRecognition

@Suite("Cancelling requests and shutting lanes down", .timeLimit(.minutes(1)))
struct LaneCancellationTests {
    @Test("A waiting request leaves the queue at once and never runs")
    func whileQueued() async throws {
        let pool = try makePool(queueLimit: 1)
        let log = Log<Int>()
        try await withBusyLane(of: pool) { _ in
            let error = await withTaskGroup(of: RecognitionError?.self) { group in
                group.addTask { await recognitionError { try await pool.submit(Job { log.append(1) }) } }
                await pool.whenQueued(1)
                group.cancelAll()
                return await group.next() ?? nil
            }
            // The lane is still held: the caller did not wait for it, and the room in the queue is free again.
            #expect(error?.code == .cancelled)
            #expect(pool.statistics.queued == 0)
            #expect(pool.statistics.cancelled == 1)
        }
        #expect(try await pool.submit(Job { log.entries }) == [])
    }

    @Test("A running request sees its flag, while its caller is already free")
    func whileRunning() async throws {
        let pool = try makePool()
        let started = Counter()
        let mayStop = Gate()
        let sawFlag = Counter()
        let error = await withTaskGroup(of: RecognitionError?.self) { group in
            group.addTask {
                await recognitionError {
                    try await pool.submit(
                        Job { _, cancellation in
                            started.add(1)
                            while !cancellation.isCancelled {}
                            sawFlag.add(1)
                            mayStop.pass()
                        })
                }
            }
            await until { started.value == 1 }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        await until { sawFlag.value == 1 }
        #expect(pool.statistics.running == 1, "the lane is not free before the work stops")
        mayStop.open()
        #expect(try await pool.submit(Job { 1 }) == 1)
        #expect(pool.statistics.cancelled == 1)
        #expect(pool.statistics.completed == 1)
    }

    @Test("A request of a task that is already cancelled does not even start")
    func beforehand() async throws {
        let pool = try makePool()
        let log = Log<Int>()
        let error = await withTaskGroup(of: RecognitionError?.self) { group in
            group.cancelAll()
            group.addTask { await recognitionError { try await pool.submit(Job { log.append(1) }) } }
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        await pool.drain()
        #expect(log.entries.isEmpty)
        #expect(pool.statistics.started == 0)
    }

    @Test("Cancelling at any moment answers every caller once")
    func storm() async throws {
        let pool = try makePool(lanes: 2, queueLimit: 2000)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<2000 {
                group.addTask {
                    await withTaskGroup(of: Void.self) { inner in
                        inner.addTask { _ = try? await pool.submit(Job { number }) }
                        if number.isMultiple(of: 3) { await Task.yield() }
                        if number.isMultiple(of: 2) { inner.cancelAll() }
                    }
                }
            }
        }
        await pool.drain()
        let after = pool.statistics
        #expect(after.completed + after.cancelled == 2000)
        #expect(after.completed >= 1000)
        #expect(after.failed == 0)
        #expect(after.queued == 0)
        #expect(after.running == 0)
    }

    @Test("Draining finishes what waits, refuses what comes, and destroys the engines")
    func drain() async throws {
        let alive = Counter()
        let pool = try makePool(lanes: 2, alive: alive)
        try await pool.warmUp()
        #expect(alive.value == 2)

        let gate = Gate()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...6 {
                group.addTask {
                    try await pool.submit(
                        Job {
                            gate.pass()
                            return number
                        })
                }
            }
            await pool.whenQueued(4)
            async let drained: Void = pool.drain()
            await until { !pool.statistics.isOpen }
            let error = await recognitionError { try await pool.submit(Job { 7 }) }
            #expect(error?.code == .shutDown)
            gate.open()
            await drained
            #expect(pool.statistics.completed == 6)
            let sum = try await group.reduce(0, +)
            #expect(sum == 21)
        }
        #expect(alive.value == 0)
        await pool.drain()
    }

    @Test("Shutting down lets every caller go at once")
    func shutDown() async throws {
        let pool = try makePool()
        let codes = await withTaskGroup(of: RecognitionError.Code?.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    await recognitionError {
                        try await pool.submit(Job { _, cancellation in while !cancellation.isCancelled {} })
                    }?.code
                }
            }
            await pool.whenQueued(4)
            pool.shutDown()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: .shutDown, count: 5))
        await pool.drain()
        #expect(pool.statistics.running == 0)
        #expect(pool.statistics.started == 1, "what waited never ran")
    }

    @Test("Cancelling a drain cuts off what is left")
    func cancelledDrain() async throws {
        let pool = try makePool()
        let error = await withTaskGroup(of: RecognitionError?.self) { group in
            group.addTask {
                await recognitionError {
                    try await pool.submit(Job { _, cancellation in while !cancellation.isCancelled {} })
                }
            }
            await until { pool.statistics.running == 1 }
            await withTaskGroup(of: Void.self) { inner in
                inner.addTask { await pool.drain() }
                await until { !pool.statistics.isOpen }
                inner.cancelAll()
            }
            return await group.next() ?? nil
        }
        #expect(error?.code == .shutDown)
    }

    @Test("A pool that nobody holds takes its threads and engines with it")
    func release() async throws {
        let alive = Counter()
        do {
            let pool = try makePool(lanes: 3, alive: alive)
            try await pool.warmUp()
            #expect(alive.value == 3)
        }
        await until { alive.value == 0 }
    }
}
