import Audio
import Testing

@Suite struct ResamplerTests {
    static let rates: [Double] = [8_000, 11_025, 22_050, 44_100, 47_999, 48_000, 96_000, 192_000, 384_000]

    @Test(arguments: rates)
    func aToneKeepsItsPitchAndLevel(rate: Double) throws {
        let resampler = try Resampler(from: rate)
        let output = try resampler.process(sine(440, rate: rate, count: Int(rate))) + resampler.finish()
        let fit = ToneFit(output, frequency: 440)
        #expect(abs(fit.amplitude - 0.5) < 0.0005)
        #expect(fit.purity > 80)
    }

    @Test(arguments: rates, [1, 2, 159, 4_410, 100_003])
    func theLengthIsKept(rate: Double, count: Int) throws {
        let resampler = try Resampler(from: rate)
        let output = try resampler.process([Float](repeating: 0.1, count: count)) + resampler.finish()
        #expect(output.count == max(Int((Double(count) * 16_000 / rate).rounded()), 1))
    }

    @Test(arguments: rates)
    func theSizeOfTheBlocksDoesNotMatter(rate: Double) throws {
        let input = voice(seconds: 0.5, rate: rate)
        let whole = try resample(input, rate: rate, block: input.count)
        for block in [1, 7, 320, 4_096] {
            let output = try resample(input, rate: rate, block: block)
            #expect(output.count == whole.count)
            #expect(zip(output, whole).allSatisfy { abs($0 - $1) <= 1e-6 })
        }
    }

    @Test func samplesAtTheRightRatePassThroughUntouched() throws {
        let resampler = try Resampler(from: 16_000)
        let input = voice(seconds: 0.1)
        #expect(try resampler.process(input) == input)
        #expect(try resampler.finish() == [])
    }

    @Test func whatSixteenKilohertzCannotHoldIsRemoved() throws {
        let resampler = try Resampler(from: 48_000)
        let output = try resampler.process(sine(12_000, rate: 48_000, count: 48_000)) + resampler.finish()
        let middle = AudioLevel(output[1_600..<14_400])
        #expect(middle.peakDecibels < -90)
    }

    @Test func nothingInNothingOut() throws {
        let resampler = try Resampler(from: 44_100)
        #expect(try resampler.process([]) == [])
        #expect(try resampler.finish() == [])
    }

    @Test func aFinishedResamplerStartsAfresh() throws {
        let resampler = try Resampler(from: 44_100)
        let input = voice(seconds: 0.2, rate: 44_100)
        let first = try resampler.process(input) + resampler.finish()
        let second = try resampler.process(input) + resampler.finish()
        #expect(first == second)
    }

    @Test(arguments: [0, -1, 7_999, 384_001, .nan, .infinity])
    func oddRatesAreRefused(rate: Double) throws {
        let error = try #require(throws: AudioError.self) { try Resampler(from: rate) }
        #expect(error.code == .unsupportedRate)
        #expect(error.message.contains("8000 to 384000 Hz"))
    }

    private func resample(_ input: [Float], rate: Double, block: Int) throws -> [Float] {
        let resampler = try Resampler(from: rate)
        var output: [Float] = []
        for start in stride(from: 0, to: input.count, by: block) {
            output += try resampler.process(Array(input[start..<min(start + block, input.count)]))
        }
        return try output + resampler.finish()
    }
}
