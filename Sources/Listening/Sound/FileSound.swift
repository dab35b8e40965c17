import Audio
package import SoriProtocol

/// Recordings, one after the other, in any format that ``AudioReader`` reads: as 16-bit samples at 16 kHz.
package struct FileSound: SoundSource {
    package let format = AudioFormat(encoding: .pcmS16LE, sampleRate: AudioClip.sampleRate, channels: 1)
    package let isLive = false

    private let paths: [String]
    private let isFast: Bool
    private let warn: @Sendable (String) async -> Void

    /// Samples that come at once: 40 ms, or half a second when there is no hurry to wait for.
    private var blockLength: Int { isFast ? format.sampleRate / 2 : format.sampleRate / 25 }

    /// Opens nothing yet, but makes sure that the recordings can be opened.
    ///
    /// - Parameters:
    ///   - isFast: whether sound comes as fast as it is taken, instead of as fast as it was spoken.
    ///   - warn: is told in one line what is odd about a recording.
    /// - Throws: `AudioError`.
    package init(paths: [String], isFast: Bool, warn: @escaping @Sendable (String) async -> Void = { _ in }) throws {
        for path in paths { _ = try AudioReader(path: path) }
        self.paths = paths
        self.isFast = isFast
        self.warn = warn
    }

    package func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        let pace = Pace(clock: ContinuousClock())
        var position = 0
        for path in paths {
            let reader = try AudioReader(path: path)
            while let samples = try reader.next(maximumFrames: blockLength) {
                try Task.checkCancellation()
                position += samples.count
                // Sound can be had when it has been spoken, not before.
                if !isFast { try await pace.wait(until: Double(position) / Double(format.sampleRate)) }
                try await take(SoundBlock(bytes: Self.signed16(samples)))
            }
            for warning in reader.warnings { await warn("\(path): \(warning)") }
        }
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
