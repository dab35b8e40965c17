internal import CGGML

/// The layers of a transformer, written as ggml nodes.
struct GraphBuilder {
    let context: OpaquePointer
    let graph: OpaquePointer
    /// One for each thread of the backend that will compute the graph.
    let workspaces: [Workspace]
    /// Whether few rows are multiplied one after the other.
    let multipliesRowsApart: Bool
    /// Keeps objects that nodes point to for as long as the graph lives.
    let keep: (AnyObject) -> Void

    /// A tensor that the host fills before each computation.
    func input(_ type: ggml_type, _ columns: Int, _ rows: Int = 1) -> Tensor {
        let tensor: Tensor = ggml_new_tensor_2d(context, type, Int64(columns), Int64(rows))
        ggml_set_input(tensor)
        // A tensor that no node reads would get no memory.
        ggml_build_forward_expand(graph, tensor)
        return tensor
    }

    /// Marks a result that the host reads, so that its memory is not used again.
    @discardableResult
    func output(_ tensor: Tensor) -> Tensor {
        ggml_set_output(tensor)
        ggml_build_forward_expand(graph, tensor)
        return tensor
    }

    /// Puts a node into the graph here, ahead of the nodes that follow.
    func schedule(_ tensor: Tensor) {
        ggml_build_forward_expand(graph, tensor)
    }

    /// y = [r +] x · Wᵀ + b, with x [columns, rows].
    func linear(_ layer: Weights.Linear, _ x: Tensor, residual: Tensor? = nil) throws -> Tensor {
        switch layer.weight(forRows: Int(x.pointee.ne.1)) {
        case .packed(let matrix):
            return try packed([matrix], x, activates: false, residual: residual)
        case .tensor(let weight):
            var product = product(weight.tensor, x)
            if let bias = layer.bias { product = ggml_add_inplace(context, product, bias.tensor) }
            return residual.map { ggml_add_inplace(context, product, $0) } ?? product
        }
    }

    /// x · Wᵀ for the weights of ggml.
    ///
    /// With 8-bit weights, ggml multiplies a few rows by blocks, which on x86 processors without a matrix unit takes longer than
    /// one row after the other: two rows of base's vocabulary took 5.3 ms on a Zen 5, and 1.9 ms as two products of one row,
    /// which ggml computes while the weights are in the core's cache.
    private func product(_ weight: Tensor, _ x: Tensor) -> Tensor {
        let (columns, rows, _, _) = x.shape
        guard multipliesRowsApart, (2..<Self.manyRows).contains(rows), weight.pointee.type == GGML_TYPE_Q8_0 else {
            return ggml_mul_mat(context, weight, x)
        }
        let apart: Tensor = ggml_reshape_3d(context, x, Int64(columns), 1, Int64(rows))
        let products: Tensor = ggml_mul_mat(context, weight, apart)
        return ggml_reshape_2d(context, products, products.pointee.ne.0, Int64(rows))
    }

    /// From here on ggml's blocks are quicker.
    private static let manyRows = 12

    /// act(x · Wᵀ + b), where `act` is the Gaussian error linear unit.
    ///
    /// - Parameter exact: computes the error function; otherwise ggml's quick table is used.
    func activated(_ layer: Weights.Linear, _ x: Tensor, exact: Bool) throws -> Tensor {
        if case .packed(let matrix) = layer.weight(forRows: Int(x.pointee.ne.1)) {
            return try packed([matrix], x, activates: true, residual: nil)
        }
        let sum = try linear(layer, x)
        return exact ? ggml_gelu_erf_inplace(context, sum) : ggml_gelu_inplace(context, sum)
    }

    /// r + act(x · W₁ᵀ + b₁) · W₂ᵀ + b₂.
    func perceptron(_ layers: Weights.Perceptron, _ x: Tensor, exact: Bool, residual: Tensor) throws -> Tensor {
        let rows = Int(x.pointee.ne.1)
        if case .packed(let first) = layers.first.weight(forRows: rows),
            case .packed(let second) = layers.second.weight(forRows: rows)
        {
            return try packed([first, second], x, activates: true, residual: residual)
        }
        return try linear(layers.second, activated(layers.first, x, exact: exact), residual: residual)
    }

    private func packed(
        _ matrices: [PackedMatrix], _ x: Tensor, activates: Bool, residual: Tensor?
    ) throws -> Tensor {
        let layer = try PackedLayer(
            matrices, rows: Int(x.pointee.ne.1), activates: activates, hasResidual: residual != nil,
            workspaces: workspaces)
        keep(layer)
        return layer.node(context, x, residual: residual)
    }

    /// Layer normalisation over each row with ε = 1e-5.
    func norm(_ layer: Weights.Norm, _ x: Tensor) -> Tensor {
        let normal: Tensor = ggml_norm(context, x, 1e-5)
        return ggml_add_inplace(context, ggml_mul_inplace(context, normal, layer.scale.tensor), layer.bias.tensor)
    }

    func add(_ a: Tensor, _ b: Tensor) -> Tensor {
        ggml_add(context, a, b)
    }

    /// Rows of `width` values seen as heads of 64: [64, rows, heads], without copying.
    ///
    /// - Parameters:
    ///   - tensor: rows of values.
    ///   - offset: first value of a row to see.
    ///   - first: first row to see.
    func heads(_ tensor: Tensor, width: Int, offset: Int = 0, rows: Int, first: Int = 0) -> Tensor {
        let size = ggml_type_size(tensor.pointee.type)
        return ggml_view_3d(
            context, tensor, Int64(headWidth), Int64(rows), Int64(width / headWidth), tensor.rowStride,
            headWidth * size, offset * size + first * tensor.rowStride)
    }

    /// Some columns of every row.
    func columns(_ tensor: Tensor, _ range: Range<Int>) -> Tensor {
        ggml_view_2d(
            context, tensor, Int64(range.count), tensor.pointee.ne.1, tensor.rowStride,
            range.lowerBound * ggml_type_size(tensor.pointee.type))
    }

    /// Some rows.
    func rows(_ tensor: Tensor, _ range: Range<Int>) -> Tensor {
        ggml_view_2d(
            context, tensor, tensor.pointee.ne.0, Int64(range.count), tensor.rowStride,
            range.lowerBound * tensor.rowStride)
    }

    /// Overlapping stretches of a row-major signal, made contiguous: the input of a convolution as a matrix product.
    func windows(_ tensor: Tensor, width: Int, step: Int, count: Int) -> Tensor {
        let stride = step * ggml_type_size(tensor.pointee.type)
        // ggml refuses to make a view with more elements than its source has, though it computes with one: it is made with
        // one row and stretched.
        let view: Tensor = ggml_view_2d(context, tensor, Int64(width), 1, stride, 0)
        view.pointee.ne.1 = Int64(count)
        view.pointee.nb.2 = stride * count
        view.pointee.nb.3 = stride * count
        return ggml_cont(context, view)
    }

    /// Self-attention of all positions to each other.
    ///
    /// - Parameter qkv: queries, keys and values side by side [3 · state, positions].
    func selfAttention(_ qkv: Tensor) -> Tensor {
        let (width, positions, _, _) = qkv.shape
        let state = width / 3
        return attention(
            heads(qkv, width: state, rows: positions), heads(qkv, width: state, offset: state, rows: positions),
            heads(qkv, width: state, offset: 2 * state, rows: positions))
    }

    /// Attention that oneDNN computes: one object, whose node every layer adds.
    ///
    /// - Parameters: those of ``PackedAttention``.
    func packedAttention(rows: Int, state: Int, stride: Int, cached: CachedRows? = nil) throws -> PackedAttention {
        let attention = try PackedAttention(
            rows: rows, state: state, stride: stride, cached: cached, workspaces: workspaces)
        keep(attention)
        return attention
    }

    /// softmax(q · kᵀ / 8 + mask) · v for heads of 64, as rows of all heads: [width, rows of q].
    func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor? = nil) -> Tensor {
        let scale = 1 / Float(headWidth).squareRoot()
        let result: Tensor = ggml_flash_attn_ext(context, q, k, v, mask, scale, 0, 0)
        return ggml_reshape_2d(context, result, result.pointee.ne.0 * result.pointee.ne.1, result.pointee.ne.2)
    }
}

/// Every Whisper model has attention heads of this width.
let headWidth = 64
