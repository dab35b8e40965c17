internal import Audio
package import NIOCore
package import SoriProtocol

/// Turns the frames of one client into samples at 16 kHz.
package struct AudioInput {
    /// What a client should know about its sound; each is told once.
    package enum Oddity: Sendable {
        /// There are samples that are not numbers.
        case badSamples
        /// The channels cancel each other, so that one of them is heard instead of their mean.
        case channelsCancel
    }

    private let encoding: PCMEncoding
    private let resampler: Resampler
    private var mixer: Mixer
    /// Samples that have gone in, at the client's rate, and come out, since the session began.
    private var taken = 0
    private var given = 0
    /// Samples still to come out that the session has heard from another gateway.
    private var known = 0
    /// Where the other gateway has flushed, ascending.
    private var flushes: [Int] = []
    private var told: Set<Oddity> = []

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

    /// Goes on where another gateway has stopped.
    ///
    /// - Parameters:
    ///   - places: the session's.
    ///   - sample: the client's sample that comes next, one of ``SoundPlaces/sample(before:)``.
    ///   - position: the first sample at 16 kHz that the session has not heard.
    package init(_ format: AudioFormat, places: SoundPlaces, from sample: Int, position: Int) throws {
        try self.init(format)
        let signals = places.signals(from: sample)
        taken = sample
        given = places.position(of: signals.start) + (sample - signals.start) * AudioClip.sampleRate / format.sampleRate
        known = max(0, position - given)
        flushes = signals.later
    }

    /// Samples of one frame; those that the resampler holds back come with the next.
    ///
    /// - Parameter onOddity: called with what is odd about the sound, the first time that it is.
    package mutating func samples(of frame: ByteBuffer, onOddity: (Oddity) -> Void = { _ in }) throws -> [Float] {
        let pcm = try PCM(Array(frame.readableBytesView), encoding: encoding)
        var mono = mixer.mix(pcm.samples)[...]
        if pcm.notFiniteCount > 0, told.insert(.badSamples).inserted { onOddity(.badSamples) }
        if mixer.channelsCancel, told.insert(.channelsCancel).inserted { onOddity(.channelsCancel) }
        var samples: [Float] = []
        while let flush = flushes.first, flush <= taken + mono.count {
            samples += try convert(mono.prefix(flush - taken))
            mono = mono.dropFirst(flush - taken)
            taken = flush
            samples += try flushed()
            flushes.removeFirst()
        }
        samples += try convert(mono)
        taken += mono.count
        return new(samples)
    }

    /// The samples that are held back, when none may be missing; the sound goes on.
    ///
    /// So many that all together are as many as the client's, at the other rate: positions do not drift.
    package mutating func flush() throws -> [Float] { new(try flushed()) }

    /// The samples that were held back.
    package mutating func finish() throws -> [Float] { new(try resampler.finish()) }

    private mutating func convert(_ mono: ArraySlice<Float>) throws -> [Float] {
        let samples = try resampler.process(Array(mono))
        given += samples.count
        return samples
    }

    private mutating func flushed() throws -> [Float] {
        var rest = try resampler.finish()
        let due = Int((Double(taken) * resampler.outputRate / resampler.inputRate).rounded())
        rest.removeLast(min(rest.count, max(0, given + rest.count - due)))
        rest += [Float](repeating: 0, count: max(0, due - given - rest.count))
        given += rest.count
        return rest
    }

    /// What of them the session has not heard.
    private mutating func new(_ samples: [Float]) -> [Float] {
        guard known > 0 else { return samples }
        let heard = min(known, samples.count)
        known -= heard
        return Array(samples.dropFirst(heard))
    }
}
