internal import CGGML

/// Keys and values of past rows for every layer of the decoder: [2 · state, rows], keys first.
///
/// A row is one token (self-attention) or one position of encoded audio (cross-attention). Which rows a query sees is
/// decided by a mask, so sequences of different lengths, and beams with a common past, share one cache without copies.
final class RowCache {
    /// One tensor a layer.
    let layers: [Tensor]
    /// How many rows fit.
    let capacity: Int
    private let context: OpaquePointer
    private let buffer: OpaquePointer

    /// - Parameter type: number format of keys and values. GPUs want 16 bits; ggml's attention on the CPU is quicker in 32,
    ///   because it need not convert each value.
    init(backend: Backend, layers count: Int, state: Int, capacity: Int, type: ggml_type) throws {
        let parameters = ggml_init_params(
            mem_size: ggml_tensor_overhead() * (count + 1), mem_buffer: nil, no_alloc: true)
        guard let context = ggml_init(parameters) else {
            throw WhisperError(.outOfMemory, "no memory for a cache of \(capacity) rows")
        }
        layers = (0..<count).map { _ in ggml_new_tensor_2d(context, type, Int64(2 * state), Int64(capacity)) }
        guard let buffer = ggml_backend_alloc_ctx_tensors(context, backend.handle) else {
            ggml_free(context)
            throw WhisperError(.outOfMemory, "no memory on \(backend.device.name) for a cache of \(capacity) rows")
        }
        // Rows that were never written are masked, but a GPU still multiplies them: they must be numbers.
        ggml_backend_buffer_clear(buffer, 0)
        self.context = context
        self.buffer = buffer
        self.capacity = capacity
    }

    deinit {
        ggml_backend_buffer_free(buffer)
        ggml_free(context)
    }

    /// Takes over the rows of a smaller cache.
    func copyRows(of smaller: RowCache) {
        for (source, target) in zip(smaller.layers, layers) {
            let size = ggml_nbytes(source)
            withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { bytes in
                ggml_backend_tensor_get(source, bytes.baseAddress, 0, size)
                ggml_backend_tensor_set(target, bytes.baseAddress, 0, size)
            }
        }
    }

    /// Bytes on the device.
    var bytes: Int {
        ggml_backend_buffer_get_size(buffer)
    }
}
