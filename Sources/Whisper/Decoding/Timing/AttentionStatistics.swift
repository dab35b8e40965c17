/// Mean and standard deviation of every frame's weights over the tokens of one head so far.
///
/// Welford's method (Technometrics 4, 1962): one token at a time, and weights that are all alike deviate by exactly 0.
struct AttentionStatistics: Sendable {
    private var tokens = 0.0
    private var means: [Double]
    /// Sums of squared distances from the mean.
    private var squares: [Double]

    init(frames: Int) {
        means = [Double](repeating: 0, count: frames)
        squares = means
    }

    /// Takes in the weights of one more token.
    mutating func add(_ row: UnsafeBufferPointer<Float>) {
        tokens += 1
        let share = 1 / tokens
        means.withUnsafeMutableBufferPointer { means in
            squares.withUnsafeMutableBufferPointer { squares in
                for frame in 0..<min(row.count, means.count) {
                    let value = Double(row[frame])
                    let distance = value - means[frame]
                    let mean = means[frame] + distance * share
                    means[frame] = mean
                    squares[frame] += distance * (value - mean)
                }
            }
        }
    }

    /// What turns weights into distances from the mean in standard deviations.
    func standardization() -> Standardization {
        Standardization(means: means, factors: squares.map { $0 > 0 ? (tokens / $0).squareRoot() : 0 })
    }

    /// x ↦ (x - mean) / deviation for every frame; 0 where nothing deviates.
    struct Standardization {
        fileprivate let means: [Double]
        /// 1 / deviation.
        fileprivate let factors: [Double]

        /// Writes the standardised `row` into `result`, which is as long.
        func apply(to row: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>) {
            means.withUnsafeBufferPointer { means in
                factors.withUnsafeBufferPointer { factors in
                    for frame in 0..<min(row.count, means.count, result.count) {
                        result[frame] = Float((Double(row[frame]) - means[frame]) * factors[frame])
                    }
                }
            }
        }
    }
}
