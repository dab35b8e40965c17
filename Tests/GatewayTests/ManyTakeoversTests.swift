import ContextStore
import CoreMetrics
import Gateway
import Logging
import NIOCore
import Recognition
import SeededRandom
import SoriProtocol
import SoriTesting
import Streaming
import Synchronization
import Testing

/// A hundred clients that come and go between two gateways, with answers at once.
@Suite("Many clients at two gateways", .timeLimit(.minutes(20)))
struct ManyTakeoversTests {
    private static let utterances = 6

    @Test("no final is lost, none comes twice, and no session has two owners")
    func hundred() async throws {
        let shared = MemoryContextStore(timeToLive: 600)
        var limits = SessionLimits()
        (limits.sessions, limits.longestHop) = (1000, 0)
        let gateways = (0..<2).map { index in
            let readiness = Readiness()
            readiness.worked()
            let store = ResilientContextStore(shared, memory: MemoryContextStore(timeToLive: 600))
            return SessionRegistry(
                engine: SpeechEngine(
                    recognizer: ScriptedRecognizer(), detector: LoudnessDetector(), tokenizer: .bytes, lanes: 2),
                settings: CaptionSettings(), limits: limits,
                metrics: GatewayMetrics(factory: NOOPMetricsHandler.instance), readiness: readiness,
                keeping: SessionKeeping(store: store, owner: "gateway \(index)", timeToLive: 600),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for gateway in gateways { group.addTask { await gateway.run() } }
            defer { group.cancelAll() }
            let moves = try await withThrowingTaskGroup(of: Int.self) { clients in
                for seed in 0..<100 { clients.addTask { try await Client(seed, gateways).run() } }
                return try await clients.reduce(0, +)
            }
            #expect(moves > 100, "clients have moved")
        }
    }

    /// Somebody who says six things, and whose connection breaks now and then.
    private final class Client: Sendable {
        private static let frame = 640
        private static let length = ManyTakeoversTests.utterances * 56_000
        /// Again and again 2 s of a voice and 1.5 s of near silence. Made once: under a sanitizer, a hundred clients that
        /// write their samples one by one keep both cores busy for minutes.
        private static let sound = {
            var sound = ByteBuffer()
            sound.reserveCapacity(2 * length)
            for index in 0..<length {
                let level: Int16 = index % 56_000 < 32_000 ? 6000 : 10
                let sample = index / 2560 % 2 == 0 ? level : level / 2
                sound.writeInteger(index % 2 == 0 ? sample : -sample, endianness: .little)
            }
            return sound
        }()

        private struct Heard: Equatable {
            var finals: [Int] = []
            var acknowledged = 0
            var isFinished = false
        }

        private let gateways: [SessionRegistry]
        private let heard = Mutex(Heard())
        private let seed: Int

        init(_ seed: Int, _ gateways: [SessionRegistry]) {
            self.seed = seed
            self.gateways = gateways
        }

        /// - Returns: how often it has moved to the other gateway.
        func run() async throws -> Int {
            var random = SplitMix64(state: UInt64(seed) + 1)
            var here = seed % 2
            var moves = 0
            var (session, attachment) = try gateways[here].open(.init(gap: 0))
            let token = session.resumeToken
            while true {
                let isDone = try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { [attachment] in await self.read(attachment) }
                    // As far as the connection holds.
                    let part = max(90_000, attachment.resumeAt + 20_000 + .random(in: 0..<60_000, using: &random))
                    let end = Int.random(in: 0..<6, using: &random) == 0 ? Self.length : min(Self.length, part)
                    try send(attachment.resumeAt..<end, to: session, attachment)
                    let wantsEnd = end == Self.length
                    if wantsEnd {
                        session.finish()
                        try await wait { $0.isFinished }
                    } else {
                        // What nobody has stored yet cannot be resumed elsewhere.
                        try await wait { $0.acknowledged > 0 }
                    }
                    session.detach(attachment)
                    try await group.waitForAll()
                    return wantsEnd
                }
                if isDone { break }
                let next = Int.random(in: 0..<2, using: &random)
                if next != here { moves += 1 }
                here = next
                let start = ClientMessage.Start(
                    session: session.id, resumeToken: token, lastFinal: heard.withLock { $0.finals.last })
                try await gateways[here].takeOver(start)
                (session, attachment) = try gateways[here].open(start)
            }
            let finals = heard.withLock(\.finals)
            #expect(finals == Array(0..<ManyTakeoversTests.utterances), "client \(seed)")
            let owners = gateways.compactMap { $0.session(session.id) }.filter { !$0.read(\.isOver) }
            #expect(owners.count <= 1, "client \(seed)")
            return moves
        }

        private func read(_ attachment: SessionRunner.Attachment) async {
            for await message in attachment.messages {
                heard.withLock { heard in
                    switch message {
                    case .final(let final): heard.finals.append(final.utterance)
                    case .ack(let ack): heard.acknowledged = ack.samples
                    case .finished: heard.isFinished = true
                    default: break
                    }
                }
            }
        }

        private func send(
            _ range: Range<Int>, to session: SessionRunner, _ attachment: SessionRunner.Attachment
        ) throws {
            for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.frame) {
                let end = min(start + Self.frame, range.upperBound)
                let frame = try #require(Self.sound.getSlice(at: 2 * start, length: 2 * (end - start)))
                guard try session.receive(frame, from: attachment) else { return }
            }
        }

        /// Waits as long as something is heard now and then: how long all takes depends on the machine.
        private func wait(until isSo: (Heard) -> Bool) async throws {
            var (last, deadline) = (heard.withLock(\.self), ContinuousClock.now + .seconds(120))
            while !isSo(last) {
                let heard = heard.withLock(\.self)
                if heard != last { (last, deadline) = (heard, .now + .seconds(120)) }
                guard .now < deadline else { throw Stuck(seed: seed, heard: "\(heard)") }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    /// A client that waits in vain.
    private struct Stuck: Error {
        var seed: Int
        var heard: String
    }
}
