internal import CGGML
import WhisperText

/// The encoder for one length of window: log-mel frames in, cross-attention keys and values of every decoder layer out.
///
/// Any length from 1 to 1500 positions (20 ms each, two frames) works exactly: nothing is padded or masked, so the caller
/// decides how much silence follows the speech.
final class EncoderGraph {
    /// Log-mel frames [bands, 2 · positions + 2] with an empty frame at either end, as the convolution wants.
    let mel: Tensor
    /// For each position the row of the cross cache that takes it.
    let rows: Tensor
    /// The encoder's result [state, positions]; only read by tests and by the comparison with other implementations.
    private(set) var result: Tensor
    let graph: Graph

    init(
        backend: Backend, memory: ScratchMemory, weights: Weights, dimensions: Dimensions, cache: RowCache,
        positions: Int
    ) throws {
        let state = dimensions.audioState
        let exact = weights.plan.exactActivation
        var mel: Tensor?
        var rows: Tensor?
        var result: Tensor?
        let nodes = 64 + 40 * dimensions.audioLayers + 8 * dimensions.textLayers
        graph = try Graph(backend: backend, memory: memory, capacity: nodes) { build in
            let bands = dimensions.melBands
            let frames = build.input(GGML_TYPE_F32, bands, 2 * positions + 2)
            let indices = build.input(GGML_TYPE_I64, positions)

            let first = try build.activated(
                weights.convolutions[0], build.windows(frames, width: 3 * bands, step: bands, count: 2 * positions),
                exact: exact)
            let padded: Tensor = ggml_pad_ext(build.context, first, 0, 0, 1, 0, 0, 0, 0, 0)
            let second = try build.activated(
                weights.convolutions[1], build.windows(padded, width: 3 * state, step: 2 * state, count: positions),
                exact: exact)
            var x = build.add(second, build.rows(weights.encoderPositions.tensor, 0..<positions))

            for block in weights.encoderBlocks {
                let attention = block.attention
                let qkv = try build.linear(attention.queryKeyValue, build.norm(attention.norm, x))
                let attended = try build.selfAttention(attention.queryKeyValue, qkv)
                x = try build.linear(attention.out, attended, residual: x)
                let perceptron = block.perceptron
                x = try build.perceptron(perceptron, build.norm(perceptron.norm, x), exact: exact, residual: x)
            }
            x = build.output(build.norm(weights.encoderNorm, x))
            for (block, cached) in zip(weights.decoderBlocks, cache.layers) {
                let keysValues = try build.linear(block.cross.keyValue, x)
                build.schedule(
                    ggml_set_rows(
                        build.context, cached, build.heads(keysValues, width: 2 * state, rows: positions), indices))
            }
            mel = frames
            rows = indices
            result = x
        }
        guard let mel, let rows, let result else { throw WhisperError(.computeFailed, "the encoder was not laid out") }
        self.mel = mel
        self.rows = rows
        self.result = result
    }
}
