internal import Foundation

/// Tells sound that may be speech from the background, by loudness alone, in frames of 20 ms. It costs next to nothing and
/// lets everything doubtful pass: the detector decides.
package struct LoudnessGate: Sendable {
    /// Samples in a frame.
    package static let frame = 320

    /// The quietest that counts as sound, in dB of full scale.
    private static let audible: Float = -60
    /// The background is the least loudness of this many stretches of half a second.
    private static let stretches = 16
    private static let framesInStretch = 25
    /// Before anything was heard the background is taken to be this quiet, so that a first word is not missed.
    private static let assumed: Float = -58

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
    /// - Returns: its loudness in dB of full scale, and whether it may be speech.
    package mutating func hear(_ frame: some Collection<Float>) -> (level: Float, isActive: Bool) {
        let power = frame.reduce(0) { $0 + $1 * $1 } / Float(max(1, frame.count))
        let level = 10 * log10(power + 1e-10)
        smoothed += 0.3 * (level - smoothed)
        if framesOfNewest == 0 {
            minima.append(smoothed)
            if minima.count > Self.stretches { minima.removeFirst() }
        } else {
            minima[minima.count - 1] = min(minima[minima.count - 1], smoothed)
        }
        framesOfNewest = (framesOfNewest + 1) % Self.framesInStretch
        let isActive = level > threshold
        if isActive { foreground += 0.05 * (level - foreground) }
        return (level, isActive)
    }
}
