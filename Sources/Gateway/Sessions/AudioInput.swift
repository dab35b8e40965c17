internal import Audio
package import NIOCore
package import SoriProtocol

/// Turns the frames of one client into samples at 16 kHz.
package struct AudioInput {
    private let encoding: PCMEncoding
    private let resampler: Resampler
    private var mixer: Mixer
    /// Samples that were not numbers so far.
    package private(set) var badSamples = 0
    /// Whether the channels cancel each other, so that one of them is heard instead of their mean.
    package var channelsCancel: Bool { mixer.channelsCancel }

    /// - Throws: ``RequestFailure`` with `unsupported_audio`.
    package init(_ format: AudioFormat) throws {
        encoding =
            switch format.encoding {
            case .pcmS16LE: .signed16
            case .pcmF32LE: .float32
            case .pcmMuLaw: .muLaw
            }
        resampler = try Resampler(from: Double(format.sampleRate))
        mixer = Mixer(channels: format.channels, sampleRate: Double(format.sampleRate))
    }

    /// Samples of one frame; those that the resampler holds back come with the next.
    package mutating func samples(of frame: ByteBuffer) throws -> [Float] {
        let pcm = try PCM(Array(frame.readableBytesView), encoding: encoding)
        badSamples += pcm.notFiniteCount
        return try resampler.process(mixer.mix(pcm.samples))
    }

    /// The samples that were held back.
    package mutating func finish() throws -> [Float] {
        try resampler.finish()
    }
}
