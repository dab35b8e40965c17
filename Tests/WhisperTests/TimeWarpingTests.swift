import SeededRandom
import Testing
import Whisper

@Suite("Dynamic time warping")
struct TimeWarpingTests {
    @Test(
        "takes the way that OpenAI's code takes",
        arguments: [
            // Computed with `dtw_cpu` of whisper/timing.py.
            (
                [
                    [9, 6, 6, 8, 5, 7, 8, 2, 0], [3, 2, 8, 9, 0, 4, 8, 1, 7], [1, 4, 8, 3, 3, 2, 7, 2, 9],
                    [4, 4, 5, 5, 5, 5, 9, 8, 7], [7, 6, 3, 9, 4, 2, 8, 1, 8], [6, 1, 0, 4, 0, 1, 5, 9, 4],
                ],
                [[0, 0], [1, 1], [2, 2], [2, 3], [2, 4], [2, 5], [3, 6], [4, 7], [5, 8]]
            ),
            // Nothing is cheaper than anything: columns first, seen from the end.
            ([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], [[0, 0], [1, 0], [2, 0], [2, 1], [2, 2], [2, 3]]),
            ([[1, 2, 1, 1], [2, 1, 1, 2], [1, 1, 2, 1]], [[0, 0], [1, 1], [1, 2], [2, 3]]),
            ([[5]], [[0, 0]]),
            ([[5, 1, 7]], [[0, 0], [0, 1], [0, 2]]),
            ([[5], [1], [7]], [[0, 0], [1, 0], [2, 0]]),
        ])
    func reference(costs: [[Float]], expected: [[Int]]) {
        let path = DynamicTimeWarping.path(
            throughCosts: costs.flatMap(\.self), rows: costs.count, columns: costs[0].count)
        #expect(path.map { [$0.row, $0.column] } == expected)
    }

    @Test("a matrix without cells has no way")
    func empty() {
        #expect(DynamicTimeWarping.path(throughCosts: [], rows: 0, columns: 5).isEmpty)
        #expect(DynamicTimeWarping.path(throughCosts: [], rows: 5, columns: 0).isEmpty)
    }

    @Test("goes from corner to corner, by single steps, and no way is cheaper", arguments: 0..<60 as Range<UInt64>)
    func cheapest(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let rows = Int.random(in: 1...5, using: &random)
        let columns = Int.random(in: 1...6, using: &random)
        // Whole numbers, so that sums are exact in any order; large ones, so that no two ways cost the same.
        let costs = (0..<rows * columns).map { _ in Float(Int.random(in: -99_999...99_999, using: &random)) }
        let path = DynamicTimeWarping.path(throughCosts: costs, rows: rows, columns: columns)

        #expect(path.first == .init(row: 0, column: 0))
        #expect(path.last == .init(row: rows - 1, column: columns - 1))
        for (step, next) in zip(path, path.dropFirst()) {
            #expect((0...1).contains(next.row - step.row) && (0...1).contains(next.column - step.column))
            #expect(step != next)
        }
        let cost = path.reduce(0) { $0 + costs[$1.row * columns + $1.column] }
        #expect(cost == leastCost(costs, columns: columns, row: rows - 1, column: columns - 1))
    }

    /// The least cost of all ways to a cell, by trying them all.
    private func leastCost(_ costs: [Float], columns: Int, row: Int, column: Int) -> Float {
        let before = [(row - 1, column - 1), (row - 1, column), (row, column - 1)].filter { $0.0 >= 0 && $0.1 >= 0 }
        let least = before.map { leastCost(costs, columns: columns, row: $0.0, column: $0.1) }.min() ?? 0
        return costs[row * columns + column] + least
    }
}
