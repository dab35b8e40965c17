/// Replaces every frame by the median of itself and its three neighbours on either side, mirrored at the ends.
///
/// The filter of OpenAI's `whisper/timing.py`: rows of three frames or fewer stay as they are.
struct MedianFilter: Sendable {
    /// Neighbours on either side.
    private static let reach = 3
    /// The row with its mirrored ends.
    private var padded: [Float]

    init(frames: Int) {
        padded = [Float](repeating: 0, count: frames + 2 * Self.reach)
    }

    /// Filters the row that `fill` writes, and adds the result to `sums`.
    mutating func add(to sums: inout [Float], _ fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
        padded.withUnsafeMutableBufferPointer { padded in
            let reach = Self.reach
            let frames = padded.count - 2 * reach
            fill(UnsafeMutableBufferPointer(rebasing: padded[reach..<reach + frames]))
            guard frames > reach else {
                for frame in 0..<frames { sums[frame] += padded[reach + frame] }
                return
            }
            for distance in 1...reach {
                padded[reach - distance] = padded[reach + distance]
                padded[reach + frames - 1 + distance] = padded[reach + frames - 1 - distance]
            }
            guard let start = padded.baseAddress else { return }
            sums.withUnsafeMutableBufferPointer { sums in
                for frame in 0..<min(frames, sums.count) { sums[frame] += Self.median(start + frame) }
            }
        }
    }

    /// The median of seven neighbouring values, without branches so that the compiler takes several frames at once.
    ///
    /// The three values on the left and the three on the right are sorted. The third of the six is the least of what bounds
    /// three values from above, the fourth likewise; the median is the middle value, kept between the two.
    @inline(__always)
    private static func median(_ values: UnsafePointer<Float>) -> Float {
        let left = sorted(values[0], values[1], values[2])
        let right = sorted(values[4], values[5], values[6])
        let third = min(min(left.2, right.2), min(max(left.1, right.0), max(left.0, right.1)))
        let fourth = min(max(left.1, right.1), min(max(left.2, right.0), max(left.0, right.2)))
        return max(third, min(values[3], fourth))
    }

    @inline(__always)
    private static func sorted(_ a: Float, _ b: Float, _ c: Float) -> (Float, Float, Float) {
        let low = min(a, b)
        let high = max(a, b)
        let rest = min(high, c)
        return (min(low, rest), max(low, rest), max(high, c))
    }
}
