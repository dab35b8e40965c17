/// A text that is being decoded: which audio it listens to, and where its tokens' keys and values are kept.
///
/// A value: copying it makes a second continuation of the same past, without copying the past (beam search).
package struct TokenSequence: Sendable {
    /// Rows of the cross cache: positions of the window it listens to.
    package var audio: Range<Int>
    /// Rows of the self cache, one for each token so far.
    package var rows: [Int] = []

    package init(audio: Range<Int>) {
        self.audio = audio
    }
}

/// Buffers for the inputs of a step, kept so that steps allocate nothing.
struct StepScratch {
    /// Embeddings of all tokens, one row after the other.
    var embeddings: [Float] = []
    /// Where each token's keys and values go.
    var indices: [Int64] = []
    /// For each token its sequence, and how many of the sequence's rows it sees, itself included.
    var owners: [(sequence: Int, length: Int)] = []
    /// Tokens whose successor is wanted.
    var nextRows: [Int32] = []
    /// Start-of-transcript tokens.
    var startRows: [Int32] = []

    mutating func begin(state: Int) {
        embeddings.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        owners.removeAll(keepingCapacity: true)
        nextRows.removeAll(keepingCapacity: true)
        startRows.removeAll(keepingCapacity: true)
    }
}

/// Which rows of a cache each token of a step sees, as 16-bit floating point values: 0 where it does, -∞ elsewhere.
struct AttentionMask {
    private(set) var values: [UInt16] = []

    /// Closes the mask and lets `open` clear what each token sees.
    ///
    /// - Parameters:
    ///   - columns: rows of the cache.
    ///   - rows: tokens, padding included; padding sees the first column, since a softmax of nothing is no number.
    ///   - tokens: tokens without padding.
    mutating func fill(
        columns: Int, rows: Int, tokens: Int, open: (Int, UnsafeMutableBufferPointer<UInt16>) -> Void
    ) {
        let minusInfinity: UInt16 = 0xFC00
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(minusInfinity, count: columns * rows))
        values.withUnsafeMutableBufferPointer { values in
            for token in 0..<rows {
                let row = UnsafeMutableBufferPointer(rebasing: values[token * columns..<(token + 1) * columns])
                if token < tokens {
                    open(token, row)
                } else {
                    row[0] = 0
                }
            }
        }
    }
}
