/// The cheapest way through a matrix of costs, from its first corner to its last.
package enum DynamicTimeWarping {
    /// One cell of a way.
    package struct Step: Sendable, Hashable {
        /// Row, counted from 0.
        package var row: Int
        /// Column, counted from 0.
        package var column: Int

        /// Creates a step.
        package init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// Where the cheapest way to a cell comes from.
    private enum Origin: UInt8 {
        case both, row, column
    }

    /// The cells of the cheapest way: each step goes to the next row, the next column, or both.
    ///
    /// Where no origin of a cell is cheaper than both others, the way comes from the column before, as in OpenAI's
    /// `whisper/timing.py`. So the way is only sure to be the cheapest when no two ways cost the same.
    ///
    /// - Parameters:
    ///   - costs: cost of each cell [columns, rows], columns fastest.
    ///   - rows: number of rows; without any there is no way.
    ///   - columns: number of columns; without any there is no way.
    package static func path(throughCosts costs: [Float], rows: Int, columns: Int) -> [Step] {
        guard rows > 0, columns > 0, costs.count >= rows * columns else { return [] }
        let origins = origins(costs, rows: rows, columns: columns)
        var step = Step(row: rows - 1, column: columns - 1)
        var path = [step]
        while step.row > 0 || step.column > 0 {
            let origin = step.row == 0 ? .column : step.column == 0 ? .row : origins[step.row * columns + step.column]
            if origin != .column { step.row -= 1 }
            if origin != .row { step.column -= 1 }
            path.append(step)
        }
        return path.reversed()
    }

    private static func origins(_ costs: [Float], rows: Int, columns: Int) -> [Origin] {
        var origins = [Origin](repeating: .column, count: rows * columns)
        // What the cheapest way to each cell of the row above costs, before the first column and above the first row ∞.
        var totals = [Float](repeating: .infinity, count: columns + 1)
        totals[0] = 0
        origins.withUnsafeMutableBufferPointer { origins in
            totals.withUnsafeMutableBufferPointer { totals in
                costs.withUnsafeBufferPointer { costs in
                    for row in 0..<rows {
                        var both = totals[0]
                        var before = Float.infinity
                        totals[0] = before
                        for column in 0..<columns {
                            let above = totals[column + 1]
                            let cell = row * columns + column
                            if both < above, both < before {
                                origins[cell] = .both
                                before = both
                            } else if above < both, above < before {
                                origins[cell] = .row
                                before = above
                            }
                            before += costs[cell]
                            totals[column + 1] = before
                            both = above
                        }
                    }
                }
            }
        }
        return origins
    }
}
