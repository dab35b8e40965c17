import Foundation
import Locks
import Logging
import PrometheusMetrics
import Recognition
import RemoteRecognition
import SoriProtocol
import SoriTesting
import Testing
import Worker

@Suite("A recogniser over a socket", .timeLimit(.minutes(2)))
struct RemoteRecognizerTests {
    private static let speech = (0..<32_000).map { Float($0 % 100) / 100 - 0.5 }

    /// Runs `body` with a link to a worker, once it is connected.
    private func withLink(
        _ service: WorkerService, token: String? = nil,
        _ body: @Sendable @escaping (WorkerLink, TestWorker) async throws -> Void
    ) async throws {
        try await TestWorker.with(service, token: token) { worker in
            let (opened, feed) = AsyncStream.makeStream(of: Void.self)
            let link = WorkerLink(
                url: "ws://127.0.0.1:\(worker.port)\(service.path)", token: token,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { if case .opened = $0 { feed.yield() } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await link.run() }
                defer { group.cancelAll() }
                for await _ in opened { break }
                try await body(link, worker)
            }
        }
    }

    @Test("keeps the contract of all recognisers", arguments: RecognizerContract.Clause.allCases)
    func contract(clause: RecognizerContract.Clause) async throws {
        try await withLink(.recognition(ScriptedRecognizer())) { link, _ in
            try await RecognizerContract(RemoteRecognizer(link), speech: Self.speech).check(clause)
        }
    }

    @Test("hears what is sent, sample for sample, though windows share their sound")
    func sharedSound() async throws {
        let heard = Guarded<[[Float]]>([])
        let recognizer = StubRecognizer { request throws(RecognitionError) in
            heard.withLock { $0.append(request.samples) }
            return nil
        }
        let sound = (0..<64_000).map { Float(Int16(truncatingIfNeeded: $0 &* 7919) / 2) / 32_767 }
        try await withLink(.recognition(recognizer)) { link, worker in
            let remote = RemoteRecognizer(link)
            let windows = [0..<16_000, 0..<24_000, 8_000..<40_000, 8_000..<40_000, 50_000..<60_000, 2_000..<64_000]
            for window in windows {
                _ = try await remote.recognize(
                    RecognitionRequest(
                        samples: Array(sound[window]), place: SoundPlace(stream: "s/1", start: window.lowerBound)))
            }
            #expect(heard.withLock(\.self) == windows.map { Array(sound[$0]) })
            #expect(worker.metrics.text.contains("sori_worker_sound_missing_total 0"))
        }
    }

    @Test("callers that give their streams the same name hear nothing of each other")
    func sameNames() async throws {
        let heard = Guarded<[[Float]]>([])
        let recognizer = StubRecognizer { request throws(RecognitionError) in
            heard.withLock { $0.append(request.samples) }
            return nil
        }
        let sounds = [0.25, -0.5].map { level in [Float](repeating: level, count: 16_000) }
        try await withLink(.recognition(recognizer)) { shared, _ in
            // As in a gateway: both callers' requests go on over one link.
            for sound in sounds {
                try await self.withLink(.recognition(RemoteRecognizer(shared))) { link, _ in
                    for count in [8000, 16_000] {
                        _ = try await RemoteRecognizer(link).recognize(
                            RecognitionRequest(
                                samples: Array(sound.prefix(count)), place: SoundPlace(stream: "mic", start: 0)))
                    }
                }
            }
        }
        #expect(heard.withLock(\.self) == sounds.flatMap { [Array($0.prefix(8000)), $0] })
    }

    @Test("work that is taken back ends at the worker, and others go on")
    func cancellation() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let recognizer = StubRecognizer { request throws(RecognitionError) in
            guard request.priority == .background else { return nil }
            begin.yield()
            do { try await Task.sleep(for: .seconds(600)) } catch { end.yield() }
            throw .cancelled
        }
        try await withLink(.recognition(recognizer)) { link, _ in
            let remote = RemoteRecognizer(link)
            let endless = RecognitionRequest(samples: Self.speech, priority: .background)
            try await withThrowingTaskGroup(of: RecognitionError.Code?.self) { group in
                group.addTask {
                    await Result { () async throws(RecognitionError) in try await remote.recognize(endless) }.failure?
                        .code
                }
                for await _ in begun { break }
                let text = try await remote.recognize(RecognitionRequest(samples: Self.speech)).text
                #expect(text == " word")
                group.cancelAll()
                let code = try await group.next()
                #expect(code == .cancelled)
            }
            for await _ in ended { break }
            #expect(try await remote.recognize(RecognitionRequest(samples: Self.speech)).text == " word")
        }
    }

    @Test("a worker that stops answers what it has")
    func drain() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Never.self)
        let recognizer = StubRecognizer { request throws(RecognitionError) in
            begin.yield()
            for await _ in released {}
            return nil
        }
        try await withLink(.recognition(recognizer)) { link, worker in
            let remote = RemoteRecognizer(link)
            try await withThrowingTaskGroup(of: String.self) { group in
                group.addTask { try await remote.recognize(RecognitionRequest(samples: Self.speech)).text }
                for await _ in begun { break }
                await worker.stop()
                release.finish()
                let text = try await group.next()
                #expect(text == " word")
            }
        }
    }

    @Test("failures keep their meaning on the way")
    func failures() async throws {
        let recognizer = StubRecognizer { request throws(RecognitionError) in
            switch request.prefix.first {
            case 1: throw RecognitionError(queued: 7, retryAfter: .seconds(2))
            case 2: throw RecognitionError(.engineFailed, "the device is gone")
            case 3: throw RecognitionError(.badInput, "'prefix' is odd")
            default: return nil
            }
        }
        try await withLink(.recognition(recognizer)) { link, _ in
            let remote = RemoteRecognizer(link)
            for (prefix, code) in [(1, RecognitionError.Code.overloaded), (2, .engineFailed), (3, .badInput)] {
                let error = await #expect(throws: RecognitionError.self) {
                    try await remote.recognize(RecognitionRequest(samples: [0], prefix: [prefix]))
                }
                #expect(error?.code == code && error?.retryAfter == (code == .overloaded ? .seconds(2) : nil))
            }
        }
    }

    @Test("a detector over a socket answers, and says what it is")
    func detector() async throws {
        try await withLink(.detection(LoudnessDetector()), token: "secret") { link, _ in
            let remote = RemoteDetector(link)
            let loud = try await remote.detect(DetectionRequest(samples: Self.speech))
            let quiet = try await remote.detect(DetectionRequest(samples: [Float](repeating: 0.01, count: 32_000)))
            #expect(loud.isSpeech && !quiet.isSpeech)
            let (there, here) = (try await remote.describe(), try await LoudnessDetector().describe())
            #expect(there == here)
        }
    }

    @Test("without a connection it fails at once, and says where to")
    func nobody() async throws {
        let link = WorkerLink(url: "ws://127.0.0.1:1/v1/recognize", logger: Logger(label: "test"))
        let error = await #expect(throws: RecognitionError.self) {
            try await RemoteRecognizer(link).recognize(RecognitionRequest(samples: [0]))
        }
        #expect(error?.code == .connectionLost && error?.message.contains("ws://127.0.0.1:1/v1/recognize") == true)
        #expect(error?.code.mayWorkLater == true)
    }
}

extension Result<RecognitionResult, RecognitionError> {
    fileprivate var failure: RecognitionError? { if case .failure(let error) = self { error } else { nil } }
}
