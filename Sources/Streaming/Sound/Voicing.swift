/// Finds what is voiced: sound that repeats itself 70 to 400 times a second, as vowels do in any language. Keys, dishes, rain,
/// fire and the air of a room do not; music and animals may.
struct Voicing: Sendable, Equatable {
    /// Samples that become one: pitch is heard well enough at 4 kHz.
    private static let decimation = 4
    /// Samples at 4 kHz in a step of 10 ms.
    private static let step = 40
    /// Samples that are compared: 32 ms.
    private static let window = 128
    /// Distances at which they are compared: 400 down to 70 times a second.
    private static let lags = 10..<58
    /// From this likeness on a step is voiced: 1 is a copy.
    private static let likeness: Float = 0.7

    /// The least share of its power that voiced sound has below 2 kHz.
    private static let leastLow: Float = 0.03

    /// Sound at 4 kHz.
    private let samples: [Float]
    /// Power of all of the sound at each of them.
    private let powers: [Float]

    /// - Parameter sound: at 16 kHz, without what is lower than a voice.
    init(_ sound: [Float]) {
        powers = (0..<sound.count / Self.decimation).map { index in
            let first = index * Self.decimation
            return sound[first..<first + Self.decimation].reduce(0) { $0 + $1 * $1 } / Float(Self.decimation)
        }
        samples = (0..<sound.count / Self.decimation).map { index in
            let first = index * Self.decimation
            return (sound[first] + sound[first + 1] + sound[first + 2] + sound[first + 3]) / Float(Self.decimation)
        }
    }

    /// Whether the sound around a step of 10 ms is voiced.
    func isVoiced(_ step: Int) -> Bool {
        let middle = step * Self.step + Self.step / 2
        let first = middle - (Self.window + Self.lags.upperBound) / 2
        guard first >= 0, first + Self.window + Self.lags.upperBound <= samples.count else { return false }
        return samples.withUnsafeBufferPointer { samples in
            var energy: Float = 1e-9
            for index in first..<first + Self.window { energy += samples[index] * samples[index] }
            guard energy > Self.leastLow * powers[first..<first + Self.window].reduce(0, +) else { return false }
            for lag in Self.lags {
                var (product, other) = (Float(0), Float(1e-9))
                for index in first..<first + Self.window {
                    product += samples[index] * samples[index + lag]
                    other += samples[index + lag] * samples[index + lag]
                }
                if product > 0, product * product > Self.likeness * Self.likeness * energy * other { return true }
            }
            return false
        }
    }
}
