import Locks
import Logging
import Recognition
import Routing
import SoriTesting
import Testing
import Worker

/// Workers in this process, behind real sockets.
@Suite("A recogniser that is many", .timeLimit(.minutes(2)))
struct RoutedRecognizerTests {
    private static let speech = (0..<32_000).map { Float($0 % 100) / 100 - 0.5 }
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` with a pool of the workers at these ports, once `count` of them are ready.
    private func withPool(
        _ ports: [Int], ready count: Int, events: Events = Events(),
        _ body: @Sendable @escaping (WorkerPool) async throws -> Void
    ) async throws {
        let pool = WorkerPool(
            path: WorkerService.recognitionPath,
            discovery: StaticDiscovery(ports.map { WorkerAddress(host: "127.0.0.1", port: $0) }), probeInterval: 0.1,
            logger: quiet
        ) { events.add($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            defer { group.cancelAll() }
            try await pool.wait { table in
                table.workers.values.count { $0.state(at: .now) == .ready } >= count
            }
            try await body(pool)
        }
    }

    private func withWorkers(
        _ recognizers: [any SpeechRecognizer], ports: [Int] = [],
        _ body: @Sendable @escaping ([Int]) async throws -> Void
    ) async throws {
        guard let first = recognizers.first else { return try await body(ports) }
        try await TestWorker.with(.recognition(first)) { worker in
            try await withWorkers(Array(recognizers.dropFirst()), ports: ports + [worker.port], body)
        }
    }

    @Test("keeps the contract of all recognisers", arguments: RecognizerContract.Clause.allCases)
    func contract(clause: RecognizerContract.Clause) async throws {
        try await withWorkers([ScriptedRecognizer(), ScriptedRecognizer()]) { ports in
            try await withPool(ports, ready: 2) { pool in
                try await RecognizerContract(RoutedRecognizer(pool), speech: Self.speech).check(clause)
            }
        }
    }

    @Test("a window that one worker fails with is written by another")
    func failover() async throws {
        let failing = StubRecognizer { _ throws(RecognitionError) in
            throw RecognitionError(.engineFailed, "the device is gone")
        }
        let events = Events()
        try await withWorkers([failing, StubRecognizer()]) { ports in
            try await withPool(ports, ready: 2, events: events) { pool in
                for _ in 0..<20 {
                    let result = try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: Self.speech))
                    #expect(result.text == " word")
                }
                let failed = pool.read { $0.workers.values.map(\.failed).max() ?? 0 }
                #expect((0...3).contains(failed), "it is left alone")
            }
        }
    }

    @Test("an answer that no model gives is none, and costs the worker its turn")
    func garbage() async throws {
        let garbage = StubRecognizer { request throws(RecognitionError) in
            var result = ScriptedRecognizer.word(for: request, language: "ko")
            result.tokens = [.init(id: 5_000_000, probability: 0.5)]
            return result
        }
        try await withWorkers([garbage, StubRecognizer()]) { ports in
            try await withPool(ports, ready: 2) { pool in
                for _ in 0..<4 {
                    let result = try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: Self.speech))
                    #expect(result.tokens.first?.id != 5_000_000)
                }
            }
        }
    }

    @Test("a window that is late goes to a second worker, and the first answer wins")
    func late() async throws {
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let endless = StubRecognizer { _ throws(RecognitionError) in
            ask.yield()
            do { try await Task.sleep(for: .seconds(600)) } catch {}
            throw .cancelled
        }
        let events = Events()
        try await withWorkers([endless, StubRecognizer()]) { ports in
            try await withPool(ports, ready: 2, events: events) { pool in
                let good = WorkerAddress(host: "127.0.0.1", port: ports[1])
                pool.change { $0.drain(good, true, at: .now) }
                try await withThrowingTaskGroup(of: String.self) { group in
                    group.addTask {
                        try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: Self.speech)).text
                    }
                    for await _ in asked { break }
                    pool.change { $0.drain(good, false, at: .now) }
                    let text = try await group.next()
                    #expect(text == " word")
                }
            }
        }
        #expect(events.late == 1)
    }

    @Test("a GPU that comes, goes and comes back has the windows while it is there")
    func gpu() async throws {
        let byGPU = Guarded(0)
        let count: StubRecognizer.Answer = { _ throws(RecognitionError) in
            byGPU.withLock { $0 += 1 }
            return nil
        }
        try await TestWorker.with(.recognition(StubRecognizer())) { cpu in
            let port = try await TestWorker.with(.recognition(StubRecognizer(device: "Vulkan0", count))) { $0.port }
            try await withPool([cpu.port, port], ready: 1) { pool in
                let gpu = WorkerAddress(host: "127.0.0.1", port: port)
                for turn in 0..<3 {
                    _ = try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: Self.speech))
                    #expect(byGPU.withLock(\.self) == turn * 2)
                    try await TestWorker.with(.recognition(StubRecognizer(device: "Vulkan0", count)), port: port) { _ in
                        try await pool.wait { $0.workers[gpu]?.state(at: .now) == .ready }
                        for _ in 0..<2 {
                            _ = try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: Self.speech))
                        }
                        #expect(byGPU.withLock(\.self) == turn * 2 + 2)
                    }
                    try await pool.wait { $0.workers[gpu]?.state(at: .now) != .ready }
                }
            }
        }
    }

    @Test("while nobody is ready requests wait, and are done when somebody is")
    func waits() async throws {
        let readiness = Readiness()
        try await TestWorker.with(.recognition(StubRecognizer()), readiness: readiness) { worker in
            try await withPool([worker.port], ready: 0) { pool in
                try await pool.wait { $0.workers.values.allSatisfy { $0.state(at: .now) == .notReady } }
                try await withThrowingTaskGroup(of: String.self) { group in
                    group.addTask {
                        let final = RecognitionRequest(samples: Self.speech, priority: .final)
                        return try await RoutedRecognizer(pool).recognize(final).text
                    }
                    readiness.worked()
                    let text = try await group.next()
                    #expect(text == " word")
                }
            }
        }
    }

    @Test("a live window is given up when nobody is ready for long, with a reason that names the worker")
    func nobody() async throws {
        try await withPool([1], ready: 0) { pool in
            let error = await #expect(throws: RecognitionError.self) {
                try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: Self.speech))
            }
            #expect(error?.code == .noWorker && error?.message.contains("127.0.0.1:1") == true)
        }
    }

    @Test("what makes no sense is refused at once, without a worker")
    func badInput() async throws {
        try await withWorkers([StubRecognizer()]) { ports in
            try await withPool(ports, ready: 1) { pool in
                let error = await #expect(throws: RecognitionError.self) {
                    try await RoutedRecognizer(pool).recognize(RecognitionRequest(samples: [], prefix: [-1]))
                }
                #expect(error?.code == .badInput && pool.read { $0.workers.values.allSatisfy { $0.failed == 0 } })
            }
        }
    }
}

/// What a pool has told.
private final class Events: Sendable {
    private let count = Guarded(0)
    func add(_ event: WorkerPool.Event) { if case .failedOver(isLate: true) = event { count.withLock { $0 += 1 } } }
    /// Requests that were late.
    var late: Int { count.withLock(\.self) }
}

extension WorkerPool {
    /// Waits until what is known is so.
    fileprivate func wait(until isSo: (WorkerTable) -> Bool) async throws {
        while !read(isSo) { try await change(within: .milliseconds(50)) }
    }
}
