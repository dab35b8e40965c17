internal import CGGML

/// What a decoder step found out. Reads the step's memory in place: valid until the network's next step.
package struct StepResult {
    private let decoder: DecoderGraph
    private let isHost: Bool
    private let vocabulary: Int
    /// Number of tokens in the step.
    package let tokens: Int
    /// Number of alignment heads whose attention was computed.
    package let alignmentHeads: Int

    init(decoder: DecoderGraph, isHost: Bool, vocabulary: Int, tokens: Int, alignmentHeads: Int) {
        self.decoder = decoder
        self.isHost = isHost
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.alignmentHeads = alignmentHeads
    }

    /// Probability of every token as the next one; 0 for suppressed tokens.
    ///
    /// - Parameter row: number of the sequence; where successors of several tokens were asked for, number of the token
    ///   among these.
    package func withNextProbabilities<Result>(
        of row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try withRow(row, of: decoder.probabilities, body)
    }

    /// Probability of every token after `<|startoftranscript|>`, nothing suppressed.
    package func withStartProbabilities<Result>(
        of sequence: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try withRow(sequence, of: decoder.startProbabilities, body)
    }

    /// Attention of an alignment head, [rows of the cross cache] for each of some of the step's tokens one after the other.
    package func attention(ofHead head: Int, tokens: Range<Int>) -> (columns: Int, values: [Float]) {
        let columns = decoder.shape.crossRows
        var values = [Float](repeating: 0, count: columns * tokens.count)
        let offset = columns * tokens.lowerBound * MemoryLayout<Float>.stride
        values.withUnsafeMutableBytes {
            ggml_backend_tensor_get(decoder.attention[head], $0.baseAddress, offset, $0.count)
        }
        return (columns, values)
    }

    /// Number of the tokens whose successors' probabilities there are.
    package var nextRows: Int { decoder.shape.nextRows }

    private func withRow<Result>(
        _ row: Int, of tensor: Tensor?, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        guard let tensor else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        let offset = row * tensor.rowStride
        if isHost, let data = ggml_get_data(tensor) {
            let values = (data + offset).assumingMemoryBound(to: Float.self)
            return try body(UnsafeBufferPointer(start: values, count: vocabulary))
        }
        return try withUnsafeTemporaryAllocation(of: Float.self, capacity: vocabulary) { values in
            ggml_backend_tensor_get(tensor, values.baseAddress, offset, vocabulary * MemoryLayout<Float>.stride)
            return try body(UnsafeBufferPointer(values))
        }
    }
}
