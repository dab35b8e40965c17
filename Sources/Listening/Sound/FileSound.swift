import Audio
package import SoriProtocol

/// Recordings, one after the other, in any format that ``AudioReader`` reads: as 16-bit samples at 16 kHz. Sound from a
/// pipe is handed on while it comes.
package struct FileSound: SoundSource {
    package let format = AudioFormat(encoding: .pcmS16LE, sampleRate: AudioClip.sampleRate, channels: 1)
    package let isLive = false
    /// Who fills a pipe may wait for somebody to speak.
    package var mayPause: Bool { paths.contains(where: AudioFile.isPipe) }

    private let paths: [String]
    private let isFast: Bool
    private let warn: @Sendable (String) async -> Void

    /// Samples that come at once: 40 ms, or half a second when there is no hurry to wait for.
    private var blockLength: Int { isFast ? format.sampleRate / 2 : format.sampleRate / 25 }

    /// Opens nothing yet.
    ///
    /// - Parameters:
    ///   - paths: of files or named pipes; `-` is standard input.
    ///   - isFast: whether sound comes as fast as it is taken, instead of as fast as it was spoken. From a pipe it always
    ///     comes as it is sent.
    ///   - warn: is told in one line what is odd about a recording.
    package init(paths: [String], isFast: Bool, warn: @escaping @Sendable (String) async -> Void = { _ in }) {
        self.paths = paths
        self.isFast = isFast
        self.warn = warn
    }

    /// Makes sure that the recordings can be opened, before anything is sent. Pipes are left alone, since what is read of
    /// them is gone.
    ///
    /// - Throws: `AudioError`; `CancellationError`.
    package func check() async throws {
        let recording = RecordingActor()
        for path in paths where path != "-" && !AudioFile.isPipe(path) {
            try await recording.open { try AudioReader(path: path) }
            await recording.close()
        }
    }

    package func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        let recording = RecordingActor()
        var pace = Pace(clock: ContinuousClock())
        var position = 0
        var loss: String?
        for path in paths {
            let isPipe = AudioFile.isPipe(path)
            let name = path == "-" ? "standard input" : FileName.shown(path)
            try await recording.open {
                switch (path == "-", isPipe) {
                case (true, true): try AudioReader(streaming: 0, name: name)
                case (true, false): try AudioReader(descriptor: 0, name: name)
                case (false, _): try AudioReader(streaming: path)
                }
            }
            while let samples = try await recording.next(maximumFrames: isPipe ? format.sampleRate / 25 : blockLength) {
                try Task.checkCancellation()
                position += samples.count
                // Sound can be had when it has been spoken, not before.
                if !isFast, !isPipe { try await pace.wait(until: Double(position) / Double(format.sampleRate)) }
                try await take(SoundBlock(bytes: Self.signed16(samples)))
            }
            // What came through a pipe took as long as it took.
            if isPipe {
                pace = Pace(clock: ContinuousClock())
                position = 0
            }
            for warning in await recording.warnings {
                await warn("\(name): \(warning)")
                if warning.isLoss { loss = loss ?? "\(name) was not heard to its end; convert it to WAV or FLAC" }
            }
            await recording.close()
        }
        if let loss { throw SoundError(loss) }
    }

    /// Samples in -1...1 as 16-bit integers, low byte first. Those of a 16-bit file are what they were.
    package static func signed16(_ samples: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 2)
        for sample in samples {
            let value = Int16(min(max((sample * 32_768).rounded(), -32_768), 32_767))
            let bits = UInt16(bitPattern: value)
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        }
        return bytes
    }
}
