import Foundation
import Listening
import Logging
import Measuring
import SoriProtocol
import Synchronization

/// Plays recordings to a running server over real sockets, in real time, as clients do.
struct LiveTrial: Sendable {
    /// Address of the server's WebSocket.
    let url: String
    /// How windows become captions; `nil` leaves it to the server.
    var policy: ClientMessage.Policy?

    /// Plays one recording to its last word.
    ///
    /// - Parameter onProgress: gets the seconds of sound played since it was called last.
    func run(
        _ clip: SpeechManifest.Clip, language: String, onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> CaptionTrace {
        let source = SpokenSound(clip.samples, onProgress: onProgress)
        let settings = ClientMessage.Start(language: language, policy: policy)
        var logger = Logger(label: "sori.bench")
        logger.logLevel = .critical
        let client = LiveClient(.init(url: url, settings: settings), source: source, logger: logger)
        var trace = CaptionTrace()
        var losses: [String] = []
        try await client.run { event in
            switch event {
            case .partial(let partial): trace.take(partial, at: source.elapsed)
            case .final(let final): trace.take(final, at: source.elapsed)
            case .lost(let start, let end, let reason):
                losses.append("\(clip.path): sound from \(start) to \(end) s was lost (\(reason.rawValue))")
            default: break
            }
        }
        // A measurement with a gap in it is none.
        if let loss = losses.first { throw CommandError(loss) }
        return trace
    }
}

/// A recording that is spoken: it goes on whether or not somebody takes it, and tells since when.
private final class SpokenSound: SoundSource {
    let format = AudioFormat(encoding: .pcmS16LE, sampleRate: 16_000, channels: 1)
    let isLive = true
    private let samples: [Float]
    private let onProgress: @Sendable (Double) -> Void
    private let start = Mutex<ContinuousClock.Instant?>(nil)

    /// Samples in a frame: 40 ms.
    private static let frame = 640

    init(_ samples: [Float], onProgress: @escaping @Sendable (Double) -> Void) {
        self.samples = samples
        self.onProgress = onProgress
    }

    /// Seconds since the first sample was spoken.
    var elapsed: Double {
        start.withLock { $0.map { (ContinuousClock.now - $0) / .seconds(1) } ?? 0 }
    }

    func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        let pace = Pace(clock: ContinuousClock())
        start.withLock { $0 = .now }
        for begin in stride(from: 0, to: samples.count, by: Self.frame) {
            let end = min(begin + Self.frame, samples.count)
            try await pace.wait(until: Double(end) / Double(format.sampleRate))
            try await take(SoundBlock(bytes: FileSound.signed16(Array(samples[begin..<end]))))
            onProgress(Double(end - begin) / Double(format.sampleRate))
        }
    }
}
