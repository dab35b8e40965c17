import Foundation
import SeededRandom
import Testing
import Whisper

@Suite("Attention")
struct AttentionTrackerTests {
    @Test("a matrix is what numpy makes of the formula")
    func matrix() {
        let matrix = AttentionMatrix(heads: AttentionFixtures.heads(), frames: 32, keeping: 2..<8)
        #expect(matrix.tokens == 6)
        #expect(matrix.frames == 32)
        let expected: [(Int, Int, [Float])] = [
            (0, 0, [0.64526, 0.64526, 0.64526, 1.37966, 1.82959, 1.82959]),
            (3, 10, [-0.45458, -0.44132, -0.3774, -0.10811, 0.36513, 1.35302]),
            (5, 26, [1.79321, 1.23186, 0.67306, 0.11594, -0.08021, -0.08021]),
        ]
        for (token, frame, values) in expected {
            for (value, wanted) in zip(matrix.values[(token * 32 + frame)...], values) {
                #expect(abs(value - wanted) < 2e-5)
            }
        }
        #expect(matrix.firstFrames() == [0, 7, 11, 15, 19, 23])
    }

    @Test("what heads attend to beyond the sound does not count")
    func margin() {
        let heads = AttentionFixtures.heads()
        let cut = AttentionFixtures.heads { row in
            let sum = row.prefix(32).reduce(0, +)
            return row.prefix(32).map { $0 / sum }
        }
        let matrix = AttentionMatrix(heads: heads, frames: 32)
        let expected = AttentionMatrix(heads: cut, frames: 32)
        #expect(matrix.tokens == expected.tokens)
        for (value, wanted) in zip(matrix.values, expected.values) { #expect(abs(value - wanted) < 1e-4) }
    }

    @Test("a text and a window are found among others in the same step")
    func parts() {
        let alone = AttentionFixtures.heads()
        let among = AttentionFixtures.heads(tokensBefore: 3, positionsBefore: 5)
        #expect(AttentionMatrix(heads: alone, frames: 32) == AttentionMatrix(heads: among, frames: 32))
        #expect(among[0][0] == alone[0][0])
        #expect(among[0].count == 9)
        #expect(among[0].width == 40)
    }

    @Test("tokens that attend alike point nowhere")
    func alike() {
        let row: [Float] = [0.1, 0.2, 0.3, 0.15, 0.25]
        let heads = [AttentionRows(values: row + row + row, columns: 5)]
        #expect(AttentionMatrix(heads: heads, frames: 5).values == [Float](repeating: 0, count: 15))
    }

    @Test("nothing to work with is no crash")
    func nothing() {
        #expect(AttentionMatrix(heads: [], frames: 10).tokens == 0)
        #expect(AttentionMatrix(heads: AttentionFixtures.heads(), frames: 0).firstFrames().isEmpty)
        #expect(AttentionMatrix(heads: AttentionFixtures.heads(), frames: 999).frames == 40)
        #expect(AttentionMatrix(heads: AttentionFixtures.heads(), frames: 10, keeping: 7..<99).tokens == 2)
        #expect(AttentionRows(values: [1, 2, 3], columns: 0).count == 0)
        var tracker = AttentionTracker(heads: 1, positions: 4, frames: 0)
        #expect(tracker.add([[0.25, 0.25, 0.25, 0.25]]) == 0)
    }

    @Test("the most attended frame is what numpy finds, token by token")
    func frames() {
        let heads = AttentionFixtures.heads()
        var tracker = AttentionTracker(heads: 3, positions: 40, frames: 32)
        let frames = (0..<9).map { token in tracker.add(heads.map { $0[token] }) }
        #expect(frames == [0, 0, 5, 10, 13, 17, 22, 25, 29])
    }

    @Test("following token by token is computing everything again after each", arguments: 0..<30 as Range<UInt64>)
    func incremental(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let positions = Int.random(in: 1...60, using: &random)
        let frames = Int.random(in: 1...positions, using: &random)
        let heads = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            (0..<12).map { token in
                let weights = (0..<positions).map { position in
                    let distance = Float(position - token * positions / 12)
                    return exp(Float.random(in: 0...3, using: &random) - distance * distance / 20)
                }
                let sum = weights.reduce(0, +)
                return weights.map { $0 / sum }
            }
        }
        var tracker = AttentionTracker(heads: heads.count, positions: positions, frames: frames)
        for token in 0..<12 {
            let rows = heads.map { $0[token][...] }
            // A third of the tokens are settled text.
            guard !token.isMultiple(of: 3) else {
                tracker.observe(rows)
                continue
            }
            let frame = tracker.add(rows)
            let expected = NaiveAttention.newestRow(heads.map { Array($0[...token]) }).prefix(frames)
            // Frames that differ by less than rounding errors are equally good.
            #expect(expected[frame] > (expected.max() ?? 0) - 1e-4)
        }
    }

    @Test("only frames with sound are ever attended to")
    func sound() {
        var tracker = AttentionTracker(heads: 1, positions: 20, frames: 8)
        let even = [Float](repeating: 1 / 20, count: 20)
        var late = [Float](repeating: 0, count: 20)
        for position in 14..<19 { late[position] = 0.2 }
        tracker.observe([even[...]])
        #expect(tracker.add([late[...]]) < 8)
    }
}

/// Attention by a formula that the expected values' computation has as well.
private enum AttentionFixtures {
    /// Three heads, nine tokens that move on by four positions each, 40 positions.
    static func heads(
        tokensBefore: Int = 0, positionsBefore: Int = 0, _ change: ([Float]) -> [Float] = { $0 }
    ) -> [AttentionRows] {
        (0..<3).map { head in
            let rows = (0..<9).map { token in
                let weights = (0..<40).map { frame in
                    let bump = max(0, 4 - abs(frame - (4 * token + head - 4)))
                    return Double(1 + (head * 7 + token * 13 + frame * 29 + token * frame * 3) % 11 + 12 * bump)
                }
                let sum = weights.reduce(0, +)
                return change(weights.map { Float($0 / sum) })
            }
            let columns = positionsBefore + rows[0].count + 2
            let padded = rows.flatMap { [Float](repeating: 7, count: positionsBefore) + $0 + [8, 9] }
            return AttentionRows(
                values: [Float](repeating: 5, count: tokensBefore * columns) + padded, columns: columns,
                rows: tokensBefore..<tokensBefore + 9, positions: positionsBefore..<positionsBefore + rows[0].count)
        }
    }
}

/// The whole computation, written as the formula says and without regard for speed.
private enum NaiveAttention {
    static func newestRow(_ heads: [[[Float]]]) -> [Double] {
        let rows = heads.map { tokens in smoothed(standardized(tokens.map { $0.map(Double.init) })) }
        return rows[0].indices.map { position in rows.map { $0[position] }.reduce(0, +) / Double(rows.count) }
    }

    private static func standardized(_ tokens: [[Double]]) -> [Double] {
        let count = Double(tokens.count)
        return tokens[0].indices.map { position in
            let column = tokens.map { $0[position] }
            let mean = column.reduce(0, +) / count
            let deviation = (column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count).squareRoot()
            return deviation > 0 ? (column[tokens.count - 1] - mean) / deviation : 0
        }
    }

    private static func smoothed(_ row: [Double]) -> [Double] {
        guard row.count > 3 else { return row }
        let last = row.count - 1
        return row.indices.map { position in
            let neighbours = (position - 3...position + 3).map { row[last - abs(last - abs($0))] }
            return neighbours.sorted()[3]
        }
    }
}
