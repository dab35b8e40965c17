/// One weight of the network as its file stores it: a tensor, or several stacked by rows (queries, keys, values).
package struct Weight: Sendable {
    /// A stretch of rows.
    enum Part: Sendable {
        case stored(StoredTensor, rows: Int)
        /// Rows that a file leaves out because they are zero: Whisper's keys have no bias.
        case zeros(rows: Int)

        var rows: Int {
            switch self {
            case .stored(_, let rows), .zeros(let rows): rows
            }
        }
    }

    /// Row-major: `[rows, columns]`, `[count]` for a vector, `[out, in, kernel]` for a convolution.
    package let shape: [Int]
    private let parts: [Part]

    init(shape: [Int], parts: [Part]) {
        self.shape = shape
        self.parts = parts
    }

    /// Length of the first axis.
    package var rows: Int { shape.first ?? 1 }

    /// Elements in a row: the product of all axes but the first.
    package var columns: Int { shape.dropFirst().reduce(1, *) }

    /// How the numbers are stored, in ggml's names: `f32`, `f16`, `bf16`, `q8_0`, …, and `i8` or `i16` for the scaled
    /// integers of CTranslate2.
    package var storedType: String {
        var names: [String] = []
        for case .stored(let tensor, _) in parts where !names.contains(tensor.typeName) {
            names.append(tensor.typeName)
        }
        return names.joined(separator: "+")
    }

    /// Writes `rows` as 32-bit numbers into the front of `output`, row after row.
    ///
    /// May be called from several threads at once. `rows` must lie in ``rows``, and `output` must have room for
    /// `rows.count * columns` numbers.
    package func read(rows: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "rows outside of the weight")
        precondition(output.count >= rows.count * columns, "output too small for the rows")
        var first = 0
        for part in parts {
            let wanted = rows.clamped(to: first..<first + part.rows)
            if !wanted.isEmpty {
                let start = (wanted.lowerBound - rows.lowerBound) * columns
                let target = UnsafeMutableBufferPointer(rebasing: output[start..<start + wanted.count * columns])
                switch part {
                case .zeros: target.update(repeating: 0)
                case .stored(let tensor, _):
                    tensor.read(rows: wanted.lowerBound - first..<wanted.upperBound - first, into: target)
                }
            }
            first += part.rows
        }
    }

    /// All values as 32-bit numbers, row after row.
    package func values() -> [Float] {
        [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
            read(rows: 0..<rows, into: buffer)
            count = rows * columns
        }
    }
}
