internal import Foundation

/// Takes out of a sound what is lower than a voice: a constant offset, rumble, the hum of the mains.
///
/// A Butterworth filter of the fourth order: -3 dB at its cutoff, 24 dB less for every octave below. It remembers what it
/// has heard, so sound may come in pieces of any size. It begins as if the first sample had always been there: an offset
/// makes no click at the start.
package struct HighPassFilter: Sendable, Equatable, Codable {
    /// Two poles and two zeros, in the transposed direct form II.
    private struct Section: Equatable, Codable {
        /// Factors of the newest sample, the one before and the one before that.
        private let b0, b1, b2: Double
        /// Factors of what came out last and before.
        private let a1, a2: Double
        private var first = 0.0
        private var second = 0.0

        init(cutoff: Double, quality: Double) {
            // Robert Bristow-Johnson's formulas for audio EQ biquad filters.
            let angle = 2 * Double.pi * cutoff / Double(AudioTimeline.sampleRate)
            let alpha = sin(angle) / (2 * quality)
            let a0 = 1 + alpha
            (b0, b1, b2) = ((1 + cos(angle)) / 2 / a0, -(1 + cos(angle)) / a0, (1 + cos(angle)) / 2 / a0)
            (a1, a2) = (-2 * cos(angle) / a0, (1 - alpha) / a0)
        }

        /// Settles as after a long time of one value.
        mutating func settle(on value: Double) {
            (first, second) = ((b1 + b2) * value, b2 * value)
        }

        /// Forgets what is too little to be heard. Digital silence would else become numbers so small (subnormal) that
        /// processors take a hundred times as long for them.
        mutating func dropTraces() {
            if abs(first) < 1e-100 { first = 0 }
            if abs(second) < 1e-100 { second = 0 }
        }

        mutating func callAsFunction(_ sample: Double) -> Double {
            let result = b0 * sample + first
            first = b1 * sample - a1 * result + second
            second = b2 * sample - a2 * result
            return result
        }
    }

    private var one: Section
    private var other: Section
    private var isSettled = false

    /// - Parameter cutoff: in hertz, above 0 and below 8000, for sound at 16 kHz.
    package init(cutoff: Double) {
        // The qualities of a Butterworth filter of the fourth order.
        one = Section(cutoff: cutoff, quality: 0.541_196_1)
        other = Section(cutoff: cutoff, quality: 1.306_563)
    }

    /// Filters the samples that follow those before. What is no number counts as 0.
    package mutating func callAsFunction(_ samples: some Collection<Float>) -> [Float] {
        let samples = ContiguousArray(samples)
        guard let first = samples.first else { return [] }
        if !isSettled {
            isSettled = true
            one.settle(on: first.isFinite ? Double(first) : 0)
        }
        // Copies, so that their numbers stay in registers.
        var (one, other) = (one, other)
        defer {
            one.dropTraces()
            other.dropTraces()
            (self.one, self.other) = (one, other)
        }
        return [Float](unsafeUninitializedCapacity: samples.count) { filtered, count in
            for index in samples.indices {
                let sample = samples[index]
                filtered[index] = Float(other(one(sample.isFinite ? Double(sample) : 0)))
            }
            count = samples.count
        }
    }
}
