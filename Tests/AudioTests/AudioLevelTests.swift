import Audio
import Testing

@Suite struct AudioLevelTests {
    @Test func aSineHasThreeDecibelsBetweenPeakAndMean() {
        let level = AudioLevel(sine(500, rate: 16_000, count: 16_000, amplitude: 0.5))
        #expect(abs(level.peak - 0.5) < 1e-5)
        #expect(abs(level.rms - 0.353553) < 1e-5)
        #expect(abs(level.peakDecibels + 6.0206) < 1e-3)
        #expect(abs(level.rmsDecibels + 9.0309) < 1e-3)
    }

    @Test func aFullScaleSquareIsAtZero() {
        let level = AudioLevel([1, -1, 1, -1])
        #expect(level.peakDecibels == 0)
        #expect(level.rmsDecibels == 0)
    }

    @Test func thePeakMayBeNegative() {
        #expect(AudioLevel([0.1, -0.75, 0.5]).peak == 0.75)
    }

    @Test(arguments: [[], [0, 0, 0]] as [[Float]])
    func silenceIsInfinitelyQuiet(samples: [Float]) {
        let level = AudioLevel(samples)
        #expect(level.peak == 0 && level.rms == 0)
        #expect(level.peakDecibels == -.infinity)
        #expect(level.rmsDecibels == -.infinity)
    }
}
