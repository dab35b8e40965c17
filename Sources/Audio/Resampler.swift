import CSoxr

/// Changes the sample rate of a mono signal that arrives in blocks of any size.
///
/// The output does not depend on how the input is cut into blocks. It is as long as the input: after n samples in and
/// ``finish()``, round(n · output rate / input rate) samples have come out, at least one if there was any input.
/// libsoxr's high quality (20 bits) is used; equal rates pass through untouched.
public final class Resampler {
    /// Sample rates in Hz that can be converted from and to.
    public static let supportedRates: ClosedRange<Double> = 8_000...384_000

    /// Samples per second that go in.
    public let inputRate: Double
    /// Samples per second that come out.
    public let outputRate: Double

    /// libsoxr's state; none when the rates are equal.
    private let soxr: OpaquePointer?
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
        self.inputRate = inputRate
        self.outputRate = outputRate
        guard inputRate != outputRate else {
            soxr = nil
            return
        }
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var failure: soxr_error_t?
        soxr = soxr_create(inputRate, outputRate, 1, &failure, nil, &quality, nil)
        guard soxr != nil else { throw Self.error(failure) }
    }

    deinit {
        if let soxr { soxr_delete(soxr) }
    }

    /// Takes the next block and returns what is ready; the filter holds the latest few milliseconds back.
    public func process(_ block: [Float]) throws -> [Float] {
        guard let soxr else { return block }
        inputCount += block.count
        var output: [Float] = []
        var consumed = 0
        while consumed < block.count {
            try block.withUnsafeBufferPointer { input in
                let rest = input.count - consumed
                consumed += try Self.run(soxr, UnsafeBufferPointer(rebasing: input[consumed...]), room(rest), &output)
            }
        }
        outputCount += output.count
        return output
    }

    /// Ends the signal and returns its last samples. The resampler is then ready for another signal.
    public func finish() throws -> [Float] {
        guard let soxr else { return [] }
        let whole = Int((Double(inputCount) * outputRate / inputRate).rounded())
        let missing = max(whole, min(inputCount, 1)) - outputCount
        var tail: [Float] = []
        while tail.count < missing {
            let before = tail.count
            _ = try Self.run(soxr, nil, missing - before, &tail)
            if tail.count == before { break }
        }
        if tail.count < missing { tail += [Float](repeating: 0, count: missing - tail.count) }
        if let failure = soxr_clear(soxr) { throw Self.error(failure) }
        inputCount = 0
        outputCount = 0
        return tail
    }

    /// Output samples that so much input can bring, and some for what was held back.
    private func room(_ count: Int) -> Int {
        Int(Double(count) * outputRate / inputRate) + 1024
    }

    /// Feeds input (`nil` ends it), appends at most `room` samples of output, and returns how much input was taken.
    private static func run(
        _ soxr: OpaquePointer, _ input: UnsafeBufferPointer<Float>?, _ room: Int, _ output: inout [Float]
    ) throws -> Int {
        var taken = 0
        var failure: soxr_error_t?
        output += [Float](unsafeUninitializedCapacity: room) { buffer, made in
            failure = soxr_process(soxr, input?.baseAddress, input?.count ?? 0, &taken, buffer.baseAddress, room, &made)
        }
        if let failure { throw error(failure) }
        return taken
    }

    private static func error(_ text: soxr_error_t?) -> AudioError {
        let reason = text.map { String(cString: $0) } ?? "libsoxr gave no reason"
        return AudioError(.conversionFailed, "resampling failed (\(reason)); free some memory and try again")
    }
}
