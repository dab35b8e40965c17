internal import Foundation

/// Tells sound that may be speech from the background, by loudness alone, in frames of 20 ms. It costs next to nothing and
/// lets everything doubtful pass: the detector decides.
///
/// Only what a telephone would pass counts as loud: an offset, rumble and the hum of the mains are no voice. The background
/// is the quietest of the last eight seconds; a noise that stays the same for a second is background at once.
package struct LoudnessGate: Sendable, Equatable, Codable {
    /// Samples in a frame.
    package static let frame = 320

    /// The quietest that counts as sound, in dB of full scale.
    private static let audible: Float = -62
    /// What is lower, in hertz, is not measured. Voices lose 1 to 2 dB by it, the hum of 100 and 120 Hz 32 and 25.
    private static let cutoff = 250.0
    /// The background is the least loudness of this many stretches of half a second.
    private static let stretches = 16
    private static let framesInStretch = 25
    /// Before anything was heard the background is taken to be this quiet, so that a first word is not missed.
    private static let assumed: Float = -60

    /// A steady noise that is so many dB above the background is the new background.
    private static let rise: Float = 3

    private var filter = HighPassFilter(cutoff: cutoff)
    private var steady = SteadyNoise()
    /// Least smoothed loudness of the last stretches, the newest last.
    private var minima: [Float] = [assumed, assumed]
    private var framesOfNewest = 0
    private var smoothed: Float = assumed
    /// Loudness of what passed lately, in dB.
    private var foreground: Float = -30

    package init() {}

    /// Loudness of the background, in dB of full scale.
    package var background: Float { minima.min() ?? Self.assumed }

    /// From this loudness on, sound passes: well above the background, the further the louder people speak.
    package var threshold: Float {
        let distance = min(max(0.3 * (foreground - background), 6), 14)
        return max(background + distance, Self.audible)
    }

    /// Takes in a frame.
    ///
    /// - Returns: its loudness in dB of full scale, whether it may be speech, and how many of the frames up to this one
    ///   turn out to be a noise that stays the same, though they passed: 0 or 50.
    package mutating func hear(_ frame: some Collection<Float>) -> (level: Float, isActive: Bool, steadyFrames: Int) {
        let power = filter(frame).reduce(0) { $0 + $1 * $1 } / Float(max(1, frame.count))
        let level = 10 * log10(power + 1e-10)
        smoothed += 0.3 * (level - smoothed)
        if framesOfNewest == 0 {
            minima.append(smoothed)
            if minima.count > Self.stretches { minima.removeFirst() }
        } else {
            minima[minima.count - 1] = min(minima[minima.count - 1], smoothed)
        }
        framesOfNewest = (framesOfNewest + 1) % Self.framesInStretch
        if let noise = steady.hear(smoothed), noise > background + Self.rise {
            // The quieter background of before does not count any longer.
            minima = [noise]
            return (level, false, SteadyNoise.frames)
        }
        let isActive = level > threshold
        if isActive { foreground += 0.05 * (level - foreground) }
        return (level, isActive, 0)
    }
}
