import CSpeexDSP

/// Changes the sample rate of a mono signal that arrives in blocks of any size.
///
/// The output does not depend on how the input is cut into blocks. It is as long as the input: after n samples in and
/// ``finish()``, round(n · output rate / input rate) samples have come out, at least one if there was any input.
///
/// An output sample depends on ``reach`` input samples on each side of its place and on nothing else. Whoever goes on with
/// a signal that somebody else began therefore gets the very same samples: begin at a multiple of ``period``, and leave out
/// what lies less than ``reach`` after the beginning. This is why libspeexdsp is used, whose filter is a plain sum, and not
/// one that works by Fourier transforms of blocks. Equal rates pass through untouched.
public final class Resampler {
    /// Sample rates in Hz that can be converted from and to, rounded to whole ones.
    public static let supportedRates: ClosedRange<Double> = 8_000...384_000
    /// Of 0...10. What is above 8 kHz is 90 dB down or more (a test says so).
    private static let quality: Int32 = 8

    /// Samples per second that go in.
    public let inputRate: Double
    /// Samples per second that come out.
    public let outputRate: Double
    /// Input samples on each side of an output sample that it depends on; 0 when the rates are equal.
    public let reach: Int
    /// So many input samples are a whole number of output samples.
    public let period: Int

    /// libspeexdsp's state; none when the rates are equal.
    private let speex: OpaquePointer?
    private var inputCount = 0
    private var outputCount = 0

    /// Creates a resampler for one signal.
    ///
    /// - Throws: ``AudioError`` with code `unsupportedRate` for a rate outside ``supportedRates``.
    public init(from inputRate: Double, to outputRate: Double = Double(AudioClip.sampleRate)) throws {
        for rate in [inputRate, outputRate] where !Self.supportedRates.contains(rate) {
            throw AudioError(
                .unsupportedRate,
                "a sample rate of \(rate) Hz cannot be converted; use one from 8000 to 384000 Hz")
        }
        self.inputRate = inputRate.rounded()
        self.outputRate = outputRate.rounded()
        let (from, to) = (UInt32(self.inputRate), UInt32(self.outputRate))
        guard from != to else {
            (speex, reach, period) = (nil, 0, 1)
            return
        }
        var failure = Int32(RESAMPLER_ERR_SUCCESS)
        speex = speex_resampler_init(1, from, to, Self.quality, &failure)
        guard let speex else { throw Self.error(failure) }
        reach = Int(speex_resampler_get_input_latency(speex))
        var (numerator, denominator): (UInt32, UInt32) = (0, 0)
        speex_resampler_get_ratio(speex, &numerator, &denominator)
        period = Int(numerator)
        // Otherwise the output begins with silence, as long as the filter waits for input.
        speex_resampler_skip_zeros(speex)
    }

    deinit {
        if let speex { speex_resampler_destroy(speex) }
    }

    /// Takes the next block and returns what is ready; the filter holds the latest few milliseconds back.
    public func process(_ block: [Float]) throws -> [Float] {
        guard let speex else { return block }
        inputCount += block.count
        let output = try Self.run(speex, block, room: Int(Double(block.count + reach) * outputRate / inputRate) + 2)
        outputCount += output.count
        return output
    }

    /// Ends the signal and returns its last samples. The resampler is then ready for another signal.
    public func finish() throws -> [Float] {
        guard let speex else { return [] }
        let whole = Int((Double(inputCount) * outputRate / inputRate).rounded())
        let missing = max(whole, min(inputCount, 1)) - outputCount
        // Silence pushes out what was held back.
        let silence = [Float](repeating: 0, count: reach + Int(inputRate / outputRate) + 1)
        let tail = missing > 0 ? try Self.run(speex, silence, room: missing) : []
        speex_resampler_reset_mem(speex)
        speex_resampler_skip_zeros(speex)
        inputCount = 0
        outputCount = 0
        return tail + [Float](repeating: 0, count: max(0, missing - tail.count))
    }

    /// Feeds all input, unless `room` samples of output come before it ends.
    private static func run(_ speex: OpaquePointer, _ input: [Float], room: Int) throws -> [Float] {
        var failure = Int32(RESAMPLER_ERR_SUCCESS)
        let output = [Float](unsafeUninitializedCapacity: room) { buffer, count in
            var (fed, made) = (UInt32(input.count), UInt32(room))
            failure = speex_resampler_process_float(speex, 0, input, &fed, buffer.baseAddress, &made)
            count = Int(made)
        }
        guard failure == RESAMPLER_ERR_SUCCESS else { throw error(failure) }
        return output
    }

    private static func error(_ code: Int32) -> AudioError {
        let reason = speex_resampler_strerror(code).map { String(cString: $0) } ?? "libspeexdsp gave no reason"
        return AudioError(.conversionFailed, "resampling failed (\(reason)); free some memory and try again")
    }
}
