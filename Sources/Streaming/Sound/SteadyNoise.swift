/// Knows a machine by its loudness: over a whole second it stays the same, or changes evenly. A voice never does.
///
/// Of 15 minutes of English, Korean and Japanese no loud second of speech is as even as what is taken for noise here; of a
/// tap, a fan and rain nearly all are (`docs/streaming.md`).
struct SteadyNoise: Sendable, Equatable, Codable {
    /// Frames of 20 ms that must be alike.
    static let frames = 50
    /// The most decibels between the highest and the lowest loudness, measured from the line through all of them.
    private static let range: Float = 4.5
    /// The most decibels in a second by which noise rises or falls: an automatic gain is slower.
    private static let slope: Float = 12

    /// Smoothed loudness of the last frames, the oldest first.
    private var levels: [Float] = []

    /// Takes in the smoothed loudness of a frame, in dB.
    ///
    /// - Returns: loudness of the noise now, if the last second was nothing else.
    mutating func hear(_ level: Float) -> Float? {
        if levels.count == Self.frames { levels.removeFirst() }
        levels.append(level)
        guard levels.count == Self.frames else { return nil }
        let middle = Float(Self.frames - 1) / 2
        let mean = levels.reduce(0, +) / Float(Self.frames)
        var (slope, spread) = (Float(0), Float(0))
        for (index, level) in levels.enumerated() {
            slope += (level - mean) * (Float(index) - middle)
            spread += (Float(index) - middle) * (Float(index) - middle)
        }
        slope /= spread
        guard abs(slope) * 50 <= Self.slope else { return nil }
        var (lowest, highest) = (Float.infinity, -Float.infinity)
        for (index, level) in levels.enumerated() {
            let rest = level - mean - slope * (Float(index) - middle)
            lowest = min(lowest, rest)
            highest = max(highest, rest)
        }
        return highest - lowest <= Self.range ? mean + slope * middle : nil
    }
}
