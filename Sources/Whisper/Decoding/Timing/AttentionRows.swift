/// Where one head of the decoder looks: for each token a row of weights over the positions of the audio.
package struct AttentionRows: Sendable {
    private let values: [Float]
    private let columns: Int
    private let rows: Range<Int>
    private let positions: Range<Int>

    /// A part of what a decoder step computed; what lies outside of the values is left out.
    ///
    /// - Parameters:
    ///   - values: weights [columns, tokens of the step], columns fastest; a row's sum is 1.
    ///   - columns: length of a row in `values`.
    ///   - rows: tokens of one text among those of the step; `nil` for all.
    ///   - positions: columns of that text's window; `nil` for all.
    package init(values: [Float], columns: Int, rows: Range<Int>? = nil, positions: Range<Int>? = nil) {
        let stored = 0..<(columns > 0 ? values.count / columns : 0)
        self.values = values
        self.columns = max(0, columns)
        self.rows = (rows ?? stored).clamped(to: stored)
        self.positions = (positions ?? 0..<self.columns).clamped(to: 0..<self.columns)
    }

    /// Number of tokens.
    package var count: Int { rows.count }
    /// Number of positions of the window, 20 ms each.
    package var width: Int { positions.count }

    /// The weights of a token, counted from 0.
    package subscript(token: Int) -> ArraySlice<Float> {
        let start = (rows.lowerBound + token) * columns
        return values[start + positions.lowerBound..<start + positions.upperBound]
    }
}
