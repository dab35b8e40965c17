/// Follows, token by token, which moment of the sound the decoder attends to.
///
/// AlignAtt stops writing when that moment comes close to the end of the sound (Papi et al. 2023). The moment is found as
/// SimulStreaming does: weights are compared with what the same frame got from the tokens so far, smoothed over neighbouring
/// frames, and averaged over the heads. Nothing of earlier tokens is kept but their means and deviations.
package struct AttentionTracker: Sendable {
    private let frames: Int
    private var heads: [AttentionStatistics]
    private var filter: MedianFilter
    /// Sums over the heads, kept to save allocations.
    private var sums: [Float]

    /// A tracker that has seen no token of a window yet.
    ///
    /// - Parameters:
    ///   - heads: number of alignment heads.
    ///   - positions: positions of the window, 20 ms each, margin included.
    ///   - frames: positions that hold sound; the moment is one of these.
    package init(heads: Int, positions: Int, frames: Int) {
        self.frames = max(0, min(frames, positions))
        self.heads = Array(repeating: AttentionStatistics(frames: positions), count: heads)
        filter = MedianFilter(frames: positions)
        sums = [Float](repeating: 0, count: positions)
    }

    /// Takes in a token of the prompt or of text that is settled: others are compared with it, its moment is of no interest.
    ///
    /// - Parameter rows: for every head the token's weights over the positions of the window.
    package mutating func observe(_ rows: [ArraySlice<Float>]) {
        for (head, row) in zip(heads.indices, rows) {
            row.withUnsafeBufferPointer { heads[head].add($0) }
        }
    }

    /// Takes in a token and finds the frame that it attends to most, the earliest if there are several; 0 for the first token
    /// of all, which there is nothing to compare with.
    ///
    /// - Parameter rows: for every head the token's weights over the positions of the window.
    package mutating func add(_ rows: [ArraySlice<Float>]) -> Int {
        observe(rows)
        for position in sums.indices { sums[position] = 0 }
        for (head, row) in zip(heads, rows) {
            let standardization = head.standardization()
            row.withUnsafeBufferPointer { row in
                filter.add(to: &sums) { standardization.apply(to: row, into: $0) }
            }
        }
        return sums.prefix(frames).indices.max { sums[$0] < sums[$1] } ?? 0
    }
}
