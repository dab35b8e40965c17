import Foundation
import Listening
import Logging
import Measuring
import SoriProtocol
import Synchronization

/// Plays recordings to a running server over real sockets, in real time, as clients do.
struct LiveTrial: Sendable {
    /// What became of a recording.
    enum Outcome: Sendable {
        case heard(CaptionTrace)
        /// The server had no room, and said so.
        case refused(String)
    }

    /// Address of the server's WebSocket.
    let url: String
    /// How windows become captions; `nil` leaves it to the server.
    var policy: ClientMessage.Policy?

    /// Plays recordings, so many at once.
    ///
    /// - Parameters:
    ///   - language: what a session is told of its language.
    ///   - stagger: seconds over which the first ones start.
    ///   - onProgress: gets the seconds of sound played since it was called last.
    /// - Returns: an outcome for each recording.
    func run(
        _ clips: [SpeechClip], language: (SpeechClip) -> String, sessions: Int, stagger: Double = 2,
        onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            var waiting = clips.enumerated().makeIterator()
            func addNext(after delay: Double) {
                guard let (index, clip) = waiting.next() else { return }
                let language = language(clip)
                group.addTask {
                    try await Task.sleep(for: .seconds(delay))
                    return (index, try await run(clip, language: language, onProgress: onProgress))
                }
            }
            for index in 0..<sessions { addNext(after: stagger * Double(index) / Double(sessions)) }
            var outcomes: [Int: Outcome] = [:]
            for try await (index, outcome) in group {
                outcomes[index] = outcome
                addNext(after: 0)
            }
            return clips.indices.compactMap { outcomes[$0] }
        }
    }

    /// Plays one recording to its last word.
    ///
    /// - Parameters:
    ///   - times: how often it is played, without a pause, in one session.
    ///   - captions: where to find what was told so far.
    func run(
        _ clip: SpeechClip, language: String, times: Int = 1, captions: HeardCaptions = HeardCaptions(),
        onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> Outcome {
        let source = SpokenSound(clip.samples, times: times, onProgress: onProgress)
        var logger = Logger(label: "sori.bench")
        logger.logLevel = .critical
        let client = LiveClient(
            .init(url: url, settings: ClientMessage.Start(language: language, policy: policy, gap: 0)), source: source,
            logger: logger)
        // A client waits for room; a measurement does not.
        let refusals = AsyncStream.makeStream(of: String.self)
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                try await .heard(listen(client, to: source, path: clip.path, captions, refusals.continuation))
            }
            group.addTask { await refusals.stream.first { _ in true }.map(Outcome.refused) }
            defer { group.cancelAll() }
            while let outcome = try await group.next() { if let outcome { return outcome } }
            throw CancellationError()
        }
    }

    private func listen(
        _ client: LiveClient, to source: SpokenSound, path: String, _ captions: HeardCaptions,
        _ refusals: AsyncStream<String>.Continuation
    ) async throws -> CaptionTrace {
        var losses: [String] = []
        try await client.run { event in
            switch event {
            case .partial(let partial): captions.add(.init(partial, at: source.elapsed))
            case .final(let final): captions.add(.init(final, at: source.elapsed))
            case .lost(let start, let end, let reason):
                losses.append("\(path): sound from \(start) to \(end) s was lost (\(reason.rawValue))")
            case .status(.waiting(_, let reason)): refusals.yield(reason)
            default: break
            }
        }
        // A measurement with a gap in it is none.
        if let loss = losses.first { throw CommandError(loss) }
        return captions.trace
    }
}

/// What a session was told so far, for those who watch it while it is going on.
final class HeardCaptions: Sendable {
    private let heard = Mutex(CaptionTrace())

    var trace: CaptionTrace { heard.withLock { $0 } }

    fileprivate func add(_ partial: CaptionTrace.Partial) { heard.withLock { $0.partials.append(partial) } }
    fileprivate func add(_ final: CaptionTrace.Final) { heard.withLock { $0.finals.append(final) } }
}

/// A recording that is spoken: it goes on whether or not somebody takes it, and tells since when.
private final class SpokenSound: SoundSource {
    let format = AudioFormat(encoding: .pcmS16LE, sampleRate: 16_000, channels: 1)
    let isLive = true
    let mayPause = false
    private let samples: [Float]
    private let times: Int
    private let onProgress: @Sendable (Double) -> Void
    private let start = Mutex<ContinuousClock.Instant?>(nil)

    /// Samples in a frame: 40 ms.
    private static let frame = 640

    init(_ samples: [Float], times: Int, onProgress: @escaping @Sendable (Double) -> Void) {
        self.samples = samples
        self.times = times
        self.onProgress = onProgress
    }

    /// Seconds since the first sample was spoken.
    var elapsed: Double {
        start.withLock { $0.map { (ContinuousClock.now - $0) / .seconds(1) } ?? 0 }
    }

    func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        let pace = Pace(clock: ContinuousClock())
        start.withLock { $0 = .now }
        for time in 0..<times {
            for begin in stride(from: 0, to: samples.count, by: Self.frame) {
                let end = min(begin + Self.frame, samples.count)
                try await pace.wait(until: Double(time * samples.count + end) / Double(format.sampleRate))
                try await take(SoundBlock(bytes: FileSound.signed16(Array(samples[begin..<end]))))
                onProgress(Double(end - begin) / Double(format.sampleRate))
            }
        }
    }
}
