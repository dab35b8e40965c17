internal import Foundation

/// Where in a stretch of sound something can be heard, and how many syllables there is room for.
///
/// A syllable is a peak of loudness: between two of them it falls by 3 dB or more. What counts as loud is measured against the
/// quietest and the loudest of the stretch itself, so the answer depends on this sound alone.
package struct SoundActivity: Sendable, Equatable {
    /// Seconds of a step.
    private static let step = 0.01
    /// Decibels by which loudness must fall between two peaks.
    private static let dip: Float = 3
    /// The quietest that counts as sound, in dB of full scale.
    private static let audible: Float = -62
    /// What is lower, in hertz, is not measured.
    private static let cutoff = 250.0

    /// Loudness of each step over three steps, in dB.
    private let levels: [Float]
    /// What is louder is active, in dB.
    private let threshold: Float
    private let voicing: Voicing

    /// - Parameter samples: sound at 16 kHz in -1...1.
    package init(_ samples: [Float]) {
        var filter = HighPassFilter(cutoff: Self.cutoff)
        let filtered = filter(samples)
        voicing = Voicing(filtered)
        let step = Self.step.asSamples
        let powers = stride(from: 0, to: filtered.count, by: step).map { start in
            filtered[start..<min(start + step, filtered.count)].reduce(0) { $0 + $1 * $1 } / Float(step)
        }
        levels = powers.indices.map { index in
            let around = powers[max(0, index - 1)..<min(powers.count, index + 2)]
            return 10 * log10(around.reduce(0, +) / Float(around.count) + 1e-10)
        }
        let sorted = levels.sorted()
        guard let quiet = sorted.share(0.1), let loud = sorted.share(0.95) else {
            threshold = Self.audible
            return
        }
        threshold = max(quiet + max(6, 0.4 * (loud - quiet)), Self.audible)
    }

    /// Seconds of active sound in a range of seconds from the start; in all of it without.
    package func seconds(in range: Range<Double>? = nil) -> Double {
        Double(levels[steps(range)].count { $0 > threshold }) * Self.step
    }

    /// Seconds of sound that is active and voiced, in a range of seconds from the start; in all of it without.
    package func voicedSeconds(in range: Range<Double>? = nil) -> Double {
        Double(steps(range).count { levels[$0] > threshold && voicing.isVoiced($0) }) * Self.step
    }

    /// How many peaks of loudness there are in a range of seconds from the start; in all of it without.
    package func peaks(in range: Range<Double>? = nil) -> Int {
        var peaks = 0
        var (lowest, highest) = (Float.infinity, -Float.infinity)
        var isRising = true
        for level in levels[steps(range)] {
            if isRising {
                highest = max(highest, level)
                if level < highest - Self.dip {
                    if highest > threshold { peaks += 1 }
                    (isRising, lowest) = (false, level)
                }
            } else {
                lowest = min(lowest, level)
                if level > lowest + Self.dip { (isRising, highest) = (true, level) }
            }
        }
        return peaks + (isRising && highest > threshold ? 1 : 0)
    }

    private func steps(_ range: Range<Double>?) -> Range<Int> {
        guard let range else { return levels.indices }
        let first = max(0, Int((range.lowerBound / Self.step).rounded(.down)))
        let last = max(first, Int((range.upperBound / Self.step).rounded(.up)))
        return (first..<last).clamped(to: levels.indices)
    }
}

extension [Float] {
    /// The value of sorted values below which a share of them lies.
    fileprivate func share(_ share: Double) -> Float? {
        isEmpty ? nil : self[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
