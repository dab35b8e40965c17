internal import CGGML

/// Keys and values of past rows for every layer of the decoder, in 16 bits: [2 · state, rows], keys first.
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

    init(backend: Backend, layers count: Int, state: Int, capacity: Int) throws {
        let parameters = ggml_init_params(mem_size: ggml_tensor_overhead() * (count + 1), mem_buffer: nil, no_alloc: true)
        guard let context = ggml_init(parameters) else {
            throw WhisperError(.outOfMemory, "no memory for a cache of \(capacity) rows")
        }
        layers = (0..<count).map { _ in ggml_new_tensor_2d(context, GGML_TYPE_F16, Int64(2 * state), Int64(capacity)) }
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

    /// Bytes on the device.
    var bytes: Int {
        ggml_backend_buffer_get_size(buffer)
    }
}
