internal import CGGML
import WhisperText

/// One step of the decoder: some tokens in, probabilities of the next token out, for one shape.
final class DecoderGraph {
    /// What a graph is laid out for. Two steps of one shape share a graph.
    struct Shape: Hashable {
        /// Tokens in the step, padding included.
        var tokens: Int
        /// Rows of the self cache that are looked at.
        var selfRows: Int
        /// Rows of the cross cache that are looked at.
        var crossRows: Int
        /// Whether tokens see different parts of the cross cache.
        var hasCrossMask: Bool
        /// Tokens whose successor is wanted.
        var nextRows: Int
        /// Start-of-transcript tokens whose no-speech probability is wanted.
        var startRows: Int
        /// Whether the alignment heads' attention is wanted.
        var hasAttention: Bool
    }

    let shape: Shape
    /// Sum of token and position embedding [state, tokens].
    let embeddings: Tensor
    /// Row of the self cache that each token is written to.
    let cacheRows: Tensor
    /// 0 where a token sees a row of the self cache, -∞ elsewhere: [selfRows, tokens] in 16 bits.
    let selfMask: Tensor
    /// The same for the cross cache, if the shape has one.
    let crossMask: Tensor?
    /// Positions in the step of the `nextRows` tokens, then of the `startRows`.
    let logitRows: Tensor
    /// Added to the logits, -∞ for tokens that cannot come [vocabularyRows, 2]: of the `nextRows` (suppressed tokens), then
    /// of the `startRows` (only the rows that fill the last tile).
    let bias: Tensor
    /// Probabilities after the bias [vocabularyRows, nextRows].
    let probabilities: Tensor?
    /// Probabilities without suppression [vocabularyRows, startRows].
    let startProbabilities: Tensor?
    /// Attention of each alignment head [crossRows, tokens], each row with sum 1.
    let attention: [Tensor]
    let graph: Graph

    init(
        backend: Backend, memory: ScratchMemory, weights: Weights, dimensions: Dimensions,
        alignmentHeads: [AttentionHead],
        selfCache: RowCache, crossCache: RowCache, shape: Shape
    ) throws {
        self.shape = shape
        let nodes = 64 + 48 * dimensions.textLayers + 4 * alignmentHeads.count
        var nodesOut: Nodes?
        graph = try Graph(backend: backend, memory: memory, capacity: nodes) { build in
            nodesOut = try Self.lay(
                build, weights: weights, dimensions: dimensions,
                alignmentHeads: shape.hasAttention ? alignmentHeads : [],
                selfCache: selfCache, crossCache: crossCache, shape: shape)
        }
        guard let nodesOut else { throw WhisperError(.computeFailed, "the decoder was not laid out") }
        embeddings = nodesOut.embeddings
        cacheRows = nodesOut.cacheRows
        selfMask = nodesOut.selfMask
        crossMask = nodesOut.crossMask
        logitRows = nodesOut.logitRows
        bias = nodesOut.bias
        probabilities = nodesOut.probabilities
        startProbabilities = nodesOut.startProbabilities
        attention = nodesOut.attention
    }

    private struct Nodes {
        var embeddings: Tensor
        var cacheRows: Tensor
        var selfMask: Tensor
        var crossMask: Tensor?
        var logitRows: Tensor
        var bias: Tensor
        var probabilities: Tensor?
        var startProbabilities: Tensor?
        var attention: [Tensor] = []
    }

    private static func lay(
        _ build: GraphBuilder, weights: Weights, dimensions: Dimensions, alignmentHeads: [AttentionHead],
        selfCache: RowCache, crossCache: RowCache, shape: Shape
    ) throws -> Nodes {
        let state = dimensions.textState
        let exact = weights.plan.exactActivation
        var nodes = Nodes(
            embeddings: build.input(GGML_TYPE_F32, state, shape.tokens),
            cacheRows: build.input(GGML_TYPE_I64, shape.tokens),
            selfMask: build.input(GGML_TYPE_F16, shape.selfRows, shape.tokens),
            crossMask: shape.hasCrossMask ? build.input(GGML_TYPE_F16, shape.crossRows, shape.tokens) : nil,
            logitRows: build.input(GGML_TYPE_I32, max(1, shape.nextRows + shape.startRows)),
            bias: build.input(GGML_TYPE_F32, weights.vocabularyRows, 2))
        var x = nodes.embeddings
        let packed = try packedCrossAttention(build, weights: weights, state: state, cache: crossCache, shape: shape)
        for (layer, block) in weights.decoderBlocks.enumerated() {
            // Self-attention: the new rows enter the cache first, so that tokens of one step see each other.
            let own = block.attention
            let qkv = try build.linear(own.queryKeyValue, build.norm(own.norm, x))
            build.schedule(
                ggml_set_rows(
                    build.context, selfCache.layers[layer],
                    build.heads(qkv, width: 2 * state, offset: state, rows: shape.tokens), nodes.cacheRows))
            let attended = build.attention(
                build.heads(qkv, width: state, rows: shape.tokens),
                selfCache.keys(layer, rows: shape.selfRows, in: build.context),
                selfCache.values(layer, rows: shape.selfRows, in: build.context), mask: nodes.selfMask)
            x = try build.linear(own.out, attended, residual: x)

            let cross = block.cross
            let query = try build.linear(cross.query, build.norm(cross.norm, x))
            let queries = build.heads(query, width: state, rows: shape.tokens)
            let keys = crossCache.keys(layer, rows: shape.crossRows, in: build.context)
            let heard =
                packed?.node(build.context, query, cache: crossCache.layers[layer])
                ?? build.attention(
                    queries, keys, crossCache.values(layer, rows: shape.crossRows, in: build.context),
                    mask: nodes.crossMask)
            x = try build.linear(cross.out, heard, residual: x)
            for head in alignmentHeads where head.layer == layer {
                nodes.attention.append(
                    attention(of: head, build, queries: queries, keys: keys, mask: nodes.crossMask))
            }

            let perceptron = block.perceptron
            x = try build.perceptron(perceptron, build.norm(perceptron.norm, x), exact: exact, residual: x)
        }
        guard shape.nextRows + shape.startRows > 0 else {
            build.output(x)
            return nodes
        }
        // One row of the vocabulary costs as much as half a token: only the rows that are asked for.
        let wanted: Tensor = ggml_get_rows(build.context, x, nodes.logitRows)
        let logits = try build.linear(weights.vocabulary, build.norm(weights.decoderNorm, wanted))
        if shape.nextRows > 0 {
            nodes.probabilities = probabilities(
                build, build.rows(logits, 0..<shape.nextRows), bias: build.rows(nodes.bias, 0..<1))
        }
        if shape.startRows > 0 {
            let rows = shape.nextRows..<shape.nextRows + shape.startRows
            nodes.startProbabilities = probabilities(
                build, build.rows(logits, rows), bias: build.rows(nodes.bias, 1..<2))
        }
        return nodes
    }

    /// The way of many tokens to all of one window, where the CPU has oneDNN: ggml's attention goes through the keys once
    /// for every token.
    private static func packedCrossAttention(
        _ build: GraphBuilder, weights: Weights, state: Int, cache: RowCache, shape: Shape
    ) throws -> PackedAttention? {
        guard weights.packsEncoder, !shape.hasCrossMask, shape.tokens >= manyTokens else { return nil }
        // Windows of nearly the same length share oneDNN's kernels.
        let cached = CachedRows(capacity: min(cache.capacity, (shape.crossRows + 63) / 64 * 64))
        cached.count = shape.crossRows
        return try build.packedAttention(rows: shape.tokens, state: state, stride: state, cached: cached)
    }

    /// With fewer tokens ggml's attention is as quick.
    private static let manyTokens = 8

    private static func probabilities(_ build: GraphBuilder, _ logits: Tensor, bias: Tensor) -> Tensor {
        build.output(ggml_soft_max(build.context, build.add(logits, bias)))
    }

    /// softmax(q · kᵀ / 8) of one head: where in the audio each token looks. Flash attention never makes these numbers, so
    /// they are computed again for the few heads that follow the speech.
    private static func attention(
        of head: AttentionHead, _ build: GraphBuilder, queries: Tensor, keys: Tensor, mask: Tensor?
    ) -> Tensor {
        func only(_ tensor: Tensor) -> Tensor {
            let (width, rows, _, _) = tensor.shape
            return ggml_view_2d(
                build.context, tensor, Int64(width), Int64(rows), tensor.rowStride,
                head.head * Int(tensor.pointee.nb.2))
        }
        let scores: Tensor = ggml_mul_mat(build.context, only(keys), only(queries))
        let scale = 1 / Float(headWidth).squareRoot()
        return build.output(ggml_soft_max_ext(build.context, scores, mask, scale, 0))
    }
}
