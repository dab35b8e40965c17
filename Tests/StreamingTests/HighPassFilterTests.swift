import Foundation
import Streaming
import Testing

@Suite("High-pass filter")
struct HighPassFilterTests {
    /// Decibels by which a tone is quieter behind the filter, once it has settled.
    private func loss(_ frequency: Double, cutoff: Double = 250) -> Double {
        var filter = HighPassFilter(cutoff: cutoff)
        let tone = (0..<32_000).map { Float(sin(2 * Double.pi * frequency * Double($0) / 16_000)) }
        let power = filter(tone)[16_000...].reduce(0) { $0 + Double($1 * $1) } / 16_000
        return -10 * log10(max(power, 1e-20) / 0.5)
    }

    @Test(
        "takes the mains and rumble away, and leaves a voice", arguments: [(50.0, 50.0), (60, 45), (100, 30), (20, 80)])
    func low(frequency: Double, least: Double) {
        #expect(loss(frequency) > least)
    }

    @Test("leaves what telephones pass", arguments: [400.0, 700, 1000, 3000, 7000])
    func high(frequency: Double) {
        #expect(abs(loss(frequency)) < 0.5)
    }

    @Test("is at half power at its cutoff", arguments: [60.0, 250, 1000])
    func cutoff(frequency: Double) {
        #expect(abs(loss(frequency, cutoff: frequency) - 3.01) < 0.05)
    }

    @Test("hears nothing of an offset, from the first sample on", arguments: [0.001, 0.1, -0.5, 0.98] as [Float])
    func offset(offset: Float) {
        var filter = HighPassFilter(cutoff: 250)
        #expect(filter([Float](repeating: offset, count: 8000)).allSatisfy { abs($0) < 1e-5 })
    }

    @Test("does the same in pieces of any size", arguments: [1, 7, 320, 5000])
    func pieces(size: Int) {
        let sound = (0..<20_000).map { Float(($0 * 7919) % 1000) / 1000 - 0.3 }
        var whole = HighPassFilter(cutoff: 250)
        var parts = HighPassFilter(cutoff: 250)
        let pieces = stride(from: 0, to: sound.count, by: size).flatMap {
            parts(sound[$0..<min(sound.count, $0 + size)])
        }
        #expect(pieces == whole(sound))
    }

    @Test("gets over samples that are no numbers")
    func oddSamples() {
        var filter = HighPassFilter(cutoff: 250)
        let odd = filter([.nan, .infinity, -.infinity, 0.5, -0.5])
        #expect(!odd.contains { !$0.isFinite })
        #expect(filter([Float](repeating: 0, count: 16_000)).last.map { abs($0) < 1e-6 } == true)
        #expect(filter([]).isEmpty)
    }
}
