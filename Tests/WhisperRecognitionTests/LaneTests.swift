internal import Recognition
import Testing
import WhisperRecognition

@Suite("A lane", .timeLimit(.minutes(1)))
struct LaneTests {
    /// Tells on which thread it dies.
    private final class MortalEngine {
        let home = ThreadMark.current
        let grave: Log<ThreadMark>

        init(_ grave: Log<ThreadMark>) { self.grave = grave }

        deinit { grave.append(.current) }
    }

    @Test("makes, uses and destroys its engine on one thread")
    func oneThread() async throws {
        let grave = Log<ThreadMark>()
        var lane: Lane<MortalEngine>? = try Lane(name: "mortal") { MortalEngine(grave) }
        let home = try await lane?.run { $0.home }
        let user = try await lane?.run { _ in ThreadMark.current }
        #expect(home == user)
        #expect(home != .current)

        await lane?.release()
        #expect(grave.entries == [home])

        // A new engine on demand, and the same thread when nobody has the lane any more.
        _ = try await lane?.run { $0.home }
        lane = nil
        await until { grave.entries.count == 2 }
        #expect(grave.entries == [home, home])
    }

    @Test("makes its engine when it is needed, and once")
    func laziness() async throws {
        let made = Log<Int>()
        let lane = try Lane(name: "lazy") {
            made.append(1)
            return ThreadBoundEngine()
        }
        #expect(made.entries.isEmpty)
        try await lane.warmUp()
        try await lane.warmUp()
        _ = try await lane.run { $0.use() }
        #expect(made.entries.count == 1)
    }

    @Test("tries again after its engine could not be made")
    func factoryFailure() async throws {
        let attempts = Counter()
        let lane = try Lane(name: "retry") {
            if attempts.add(1) == 1 { throw Broken(id: 7) }
            return ThreadBoundEngine()
        }
        let error = await recognitionError { try await lane.warmUp() }
        #expect(error?.code == .engineUnavailable)
        #expect(error?.cause as? Broken == Broken(id: 7))
        #expect(try await lane.run { $0.uses } == 0)
    }

    @Test("passes on what the body throws, and keeps its engine")
    func bodyFailure() async throws {
        let lane = try Lane(name: "body") { ThreadBoundEngine() }
        for _ in 0..<3 {
            await #expect(throws: Broken(id: 3)) {
                try await lane.run { engine in
                    _ = engine.use()
                    throw Broken(id: 3)
                }
            }
        }
        #expect(try await lane.run { $0.uses } == 3)
    }

    @Test("does ten thousand small things, one at a time")
    func manyJobs() async throws {
        let lane = try Lane(name: "many") { ThreadBoundEngine() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10_000 {
                group.addTask { _ = try await lane.run { $0.use() } }
            }
            try await group.waitForAll()
        }
        #expect(try await lane.run { $0.uses } == 10_000)
    }
}
