import Recognition
import Testing

@Suite("Batches", .timeLimit(.minutes(1)))
struct LaneBatchTests {
    /// Submits while the only lane is busy, in this order, then lets it go and gives each request's answer:
    /// the identities that shared its batch, or the error.
    private func answers(
        to requests: [Shared], maximumBatch: Int, of pool: LanePool<ThreadBoundEngine>? = nil
    ) async throws -> [Int: Result<[Int], RecognitionError>] {
        let pool = try pool ?? makePool(maximumBatch: maximumBatch)
        return try await withThrowingTaskGroup(of: (Int, Result<[Int], RecognitionError>).self) { group in
            try await withBusyLane(of: pool) { _ in
                for (index, request) in requests.enumerated() {
                    group.addTask { (request.id, await answer(to: request, from: pool)) }
                    await pool.whenQueued(index + 1)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func answer(
        to request: Shared, from pool: LanePool<ThreadBoundEngine>
    ) async -> Result<[Int], RecognitionError> {
        do throws(RecognitionError) {
            return .success(try await pool.submit(request))
        } catch {
            return .failure(error)
        }
    }

    @Test("take what waits with the same key, up to the maximum")
    func coalescing() async throws {
        let keys = ["en", "ko", "en", "en", "ko", "en"]
        let requests = keys.enumerated().map { Shared(id: $0.offset, key: $0.element) }
        let answers = try await answers(to: requests, maximumBatch: 3).mapValues { try $0.get() }
        #expect(answers == [0: [0, 2, 3], 1: [1, 4], 2: [0, 2, 3], 3: [0, 2, 3], 4: [1, 4], 5: [5]])
    }

    @Test("do not wait for company")
    func alone() async throws {
        let pool = try makePool(maximumBatch: 8)
        #expect(try await pool.submit(Shared(id: 1, key: "en")) == [1])
        #expect(try await pool.submit(Shared(id: 2, key: "en")) == [2])
        #expect(pool.statistics.batches == 2)
    }

    @Test("hold requests of one type only, even if their keys are equal")
    func types() async throws {
        let pool = try makePool(maximumBatch: 8)
        try await withThrowingTaskGroup(of: [Int].self) { group in
            try await withBusyLane(of: pool) { _ in
                group.addTask { try await pool.submit(Shared(id: 1, key: "en")) }
                await pool.whenQueued(1)
                group.addTask { try await pool.submit(Other(key: "en")) }
                await pool.whenQueued(2)
                group.addTask { try await pool.submit(Shared(id: 2, key: "en")) }
                await pool.whenQueued(3)
            }
            let answers = try await group.reduce(into: Set<[Int]>()) { $0.insert($1) }
            #expect(answers == [[1, 2], [-1]])
        }
        #expect(pool.statistics.batches == 3, "the blocker, the two, the other")
    }

    @Test("keep a member's failure to itself")
    func memberFailure() async throws {
        let requests = (0..<3).map { Shared(id: $0, key: "en", fails: $0 == 1) }
        let answers = try await answers(to: requests, maximumBatch: 3)
        #expect(try answers[0]?.get() == [0, 1, 2])
        #expect(try answers[2]?.get() == [0, 1, 2])
        let error = await recognitionError { try answers[1]?.get() }
        #expect(error?.code == .engineFailed)
        #expect(error?.cause as? Broken == Broken(id: 1))
    }

    @Test("fail as a whole when the engine fails as a whole")
    func wholeFailure() async throws {
        let requests = (0..<3).map { Shared(id: $0, key: "en") { _ in throw Broken(id: 9) } }
        for (_, answer) in try await answers(to: requests, maximumBatch: 3) {
            let error = await recognitionError { try answer.get() }
            #expect(error?.code == .engineFailed)
            #expect(error?.cause as? Broken == Broken(id: 9))
        }
    }

    @Test("that answer for fewer than they took are failures, not lost callers")
    func wrongCount() async throws {
        let pool = try makePool(maximumBatch: 3)
        let error = await recognitionError { try await pool.submit(Mute()) }
        #expect(error?.code == .engineFailed)
        #expect(error?.description.contains("0 results for 1 request") == true)
    }

    @Test("go on for the others when one member is cancelled")
    func cancelledMember() async throws {
        let pool = try makePool(maximumBatch: 3)
        let flags = Log<[Int: CancellationFlag]>()
        let gate = Gate()
        let hold: @Sendable ([Int: CancellationFlag]) throws -> Void = { current in
            flags.append(current)
            gate.pass()
        }
        try await withThrowingTaskGroup(of: [Int].self) { group in
            let code = try await withThrowingTaskGroup(of: RecognitionError.Code?.self) { doomed in
                try await withBusyLane(of: pool) { _ in
                    group.addTask { try await pool.submit(Shared(id: 0, key: "en", during: hold)) }
                    await pool.whenQueued(1)
                    doomed.addTask { await recognitionError { try await pool.submit(Shared(id: 1, key: "en")) }?.code }
                    await pool.whenQueued(2)
                    group.addTask { try await pool.submit(Shared(id: 2, key: "en")) }
                    await pool.whenQueued(3)
                }
                await until { gate.arrivals == 1 }
                doomed.cancelAll()
                return try await doomed.next() ?? nil
            }
            #expect(code == .cancelled)
            let raised = try #require(flags.entries.first).mapValues(\.isCancelled)
            #expect(raised == [0: false, 1: true, 2: false])
            gate.open()
            for try await answer in group { #expect(answer == [0, 1, 2]) }
        }
        #expect(pool.statistics.completed == 3, "the blocker and the two others")
        #expect(pool.statistics.cancelled == 1)
    }

    /// A second type of request with keys like the first one's.
    private struct Other: LaneRequest {
        let key: String
        var batchKey: (any Hashable & Sendable)? { key }

        static func perform(
            _ batch: [LaneItem<Other>], on engine: ThreadBoundEngine
        ) throws -> [Result<[Int], any Error>] {
            batch.map { _ in .success([-1]) }
        }
    }

    /// A request whose `perform` breaks the rules.
    private struct Mute: LaneRequest {
        static func perform(
            _ batch: [LaneItem<Mute>], on engine: ThreadBoundEngine
        ) throws -> [Result<Int, any Error>] { [] }
    }
}
