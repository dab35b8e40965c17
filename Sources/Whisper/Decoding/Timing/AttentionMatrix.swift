/// How strongly each token points to each frame of 20 ms, taken from all heads that follow the speech.
///
/// As in OpenAI's `whisper/timing.py`: a head's weights are compared with what the same frame gets from the other tokens,
/// smoothed over neighbouring frames, and averaged with the other heads'.
package struct AttentionMatrix: Sendable, Equatable {
    /// Number of rows.
    package let tokens: Int
    /// Number of columns, 20 ms each.
    package let frames: Int
    /// How strongly tokens point to frames [frames, tokens], frames fastest; 0 is average.
    package let values: [Float]

    /// A matrix with known values [frames, tokens], frames fastest; a row that is not complete is left out.
    package init(values: [Float], frames: Int) {
        self.frames = max(0, frames)
        tokens = frames > 0 ? values.count / frames : 0
        self.values = Array(values.prefix(tokens * self.frames))
    }

    /// The matrix of a decoder pass.
    ///
    /// - Parameters:
    ///   - heads: attention of every alignment head, all with the same tokens and positions.
    ///   - frames: positions that hold sound. Weights beyond, on the margin, do not count: the rest of a row is scaled to a sum
    ///     of 1 again, which is the softmax over these positions alone.
    ///   - kept: tokens that get a row, `<|notimestamps|>` to the last of the text for word times. The others, such as the
    ///     start of the transcript and the end of the text, are only what these are compared with. `nil` keeps all.
    package init(heads: [AttentionRows], frames: Int, keeping kept: Range<Int>? = nil) {
        let all = 0..<(heads.map(\.count).min() ?? 0)
        let kept = (kept ?? all).clamped(to: all)
        let frames = max(0, min(frames, heads.map(\.width).min() ?? 0))
        var sums = [[Float]](repeating: [Float](repeating: 0, count: frames), count: kept.count)
        var filter = MedianFilter(frames: frames)
        for head in heads {
            let rows = all.map { Self.cut(head[$0], to: frames) }
            var statistics = AttentionStatistics(frames: frames)
            for row in rows { row.withUnsafeBufferPointer { statistics.add($0) } }
            let standardization = statistics.standardization()
            for (index, row) in rows[kept].enumerated() {
                row.withUnsafeBufferPointer { row in
                    filter.add(to: &sums[index]) { standardization.apply(to: row, into: $0) }
                }
            }
        }
        let share = 1 / Float(max(1, heads.count))
        self.frames = frames
        tokens = frames > 0 ? kept.count : 0
        values = sums.flatMap { row in row.map { $0 * share } }
    }

    /// The first `frames` weights, scaled to a sum of 1.
    private static func cut(_ row: ArraySlice<Float>, to frames: Int) -> [Float] {
        let row = row.prefix(frames)
        let sum = row.reduce(0.0) { $0 + Double($1) }
        guard sum > 0 else { return Array(row) }
        let factor = 1 / sum
        return row.map { Float(Double($0) * factor) }
    }

    /// The frame at which each token begins when the tokens follow each other through the sound as well as they can.
    ///
    /// Never falls, and starts at 0; empty when there are no frames.
    package func firstFrames() -> [Int] {
        var first: [Int] = []
        for step in DynamicTimeWarping.path(throughCosts: values.map { -$0 }, rows: tokens, columns: frames)
        where step.row == first.count {
            first.append(step.column)
        }
        return first
    }
}
