internal import CGGML
import WhisperText

/// The encoder for one length of window: log-mel frames in, cross-attention keys and values of every decoder layer out.
///
/// Any length from 1 to 1500 positions (20 ms each, two frames) works exactly: nothing is padded or masked, so the caller
/// decides how much silence follows the speech.
final class EncoderGraph {
    /// A graph for the newest positions of a window that grows: they look at the kept keys and values of all others.
    struct Growing {
        /// Keys and values of the encoder's own layers.
        let cache: RowCache
        /// The rows of `cache` that are looked at.
        let rows: CachedRows
        /// Whether nothing is kept: all positions are new.
        let isStart: Bool
    }

    /// Log-mel frames [bands, 2 · positions + 2] with an empty frame at either end, as the convolution wants. After kept
    /// positions [bands, 2 · positions + 3]: two frames before the first position instead of the empty one.
    let mel: Tensor
    /// For each position the row of the cross cache that takes it.
    let rows: Tensor
    /// The encoder's result [state, positions]; only read by tests and by the comparison with other implementations.
    private(set) var result: Tensor
    /// Numbers of the positions, where some are kept.
    let places: Tensor?
    let growing: Growing?
    let graph: Graph

    init(
        backend: Backend, memory: ScratchMemory, weights: Weights, dimensions: Dimensions, cache: RowCache,
        positions: Int, growing: Growing? = nil
    ) throws {
        let state = dimensions.audioState
        let exact = weights.plan.exactActivation
        var mel: Tensor?
        var rows: Tensor?
        var result: Tensor?
        var places: Tensor?
        let followsKept = growing.map { !$0.isStart } ?? false
        let nodes = 64 + 40 * dimensions.audioLayers + 8 * dimensions.textLayers
        graph = try Graph(backend: backend, memory: memory, capacity: nodes) { build in
            let bands = dimensions.melBands
            let frames = build.input(GGML_TYPE_F32, bands, 2 * positions + (followsKept ? 3 : 2))
            let indices = build.input(GGML_TYPE_I64, positions)

            let first = try build.activated(
                weights.convolutions[0],
                build.windows(frames, width: 3 * bands, step: bands, count: 2 * positions + (followsKept ? 1 : 0)),
                exact: exact)
            let padded: Tensor = followsKept ? first : ggml_pad_ext(build.context, first, 0, 0, 1, 0, 0, 0, 0, 0)
            let second = try build.activated(
                weights.convolutions[1], build.windows(padded, width: 3 * state, step: 2 * state, count: positions),
                exact: exact)
            var embedding = build.rows(weights.encoderPositions.tensor, 0..<positions)
            if followsKept {
                let numbers = build.input(GGML_TYPE_I32, positions)
                embedding = ggml_get_rows(build.context, weights.encoderPositions.tensor, numbers)
                places = numbers
            }
            var x = build.add(second, embedding)

            let packed =
                try weights.packsEncoder
                ? build.packedAttention(rows: positions, state: state, stride: 3 * state, cached: growing?.rows) : nil
            for (layer, block) in weights.encoderBlocks.enumerated() {
                let attention = block.attention
                let qkv = try build.linear(attention.queryKeyValue, build.norm(attention.norm, x))
                let kept: Tensor? = growing.map {
                    ggml_set_rows(
                        build.context, $0.cache.layers[layer],
                        build.heads(qkv, width: 2 * state, offset: state, rows: positions), indices)
                }
                let attended = packed?.node(build.context, qkv, cache: kept) ?? build.selfAttention(qkv)
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
        self.places = places
        self.growing = growing
    }
}
