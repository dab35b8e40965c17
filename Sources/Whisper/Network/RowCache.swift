internal import CGGML
import WhisperText

/// Keys and values of past rows for every layer of the decoder: [64, rows, 2 · heads], the keys' heads first.
///
/// Rows of one head lie side by side: attention reads them in one go, where rows of all heads would lie a page apart.
///
/// A row is one token (self-attention) or one position of encoded audio (cross-attention). Which rows a query sees is
/// decided by a mask, so sequences of different lengths, and beams with a common past, share one cache without copies.
final class RowCache {
    /// One tensor a layer.
    let layers: [Tensor]
    /// How many rows fit.
    let capacity: Int
    private let heads: Int
    private let context: OpaquePointer
    private let buffer: OpaquePointer

    /// - Parameter type: number format of keys and values. A token reads all of them: 16 bits are half the work.
    init(backend: Backend, layers count: Int, state: Int, capacity: Int, type: ggml_type) throws {
        let parameters = ggml_init_params(
            mem_size: ggml_tensor_overhead() * (count + 1), mem_buffer: nil, no_alloc: true)
        guard let context = ggml_init(parameters) else {
            throw WhisperError(.outOfMemory, "no memory for a cache of \(capacity) rows")
        }
        let heads = state / headWidth
        layers = (0..<count).map { _ in
            ggml_new_tensor_3d(context, type, Int64(headWidth), Int64(capacity), Int64(2 * heads))
        }
        guard let buffer = ggml_backend_alloc_ctx_tensors(context, backend.handle) else {
            ggml_free(context)
            throw WhisperError(.outOfMemory, "no memory on \(backend.device.name) for a cache of \(capacity) rows")
        }
        // Rows that were never written are masked, but a GPU still multiplies them: they must be numbers.
        ggml_backend_buffer_clear(buffer, 0)
        self.heads = heads
        self.context = context
        self.buffer = buffer
        self.capacity = capacity
    }

    deinit {
        ggml_backend_buffer_free(buffer)
        ggml_free(context)
    }

    /// The first rows of one layer's keys: [64, rows, heads].
    func keys(_ layer: Int, rows: Int, in context: OpaquePointer) -> Tensor {
        view(layer, rows: rows, firstHead: 0, in: context)
    }

    /// The first rows of one layer's values: [64, rows, heads].
    func values(_ layer: Int, rows: Int, in context: OpaquePointer) -> Tensor {
        view(layer, rows: rows, firstHead: heads, in: context)
    }

    private func view(_ layer: Int, rows: Int, firstHead: Int, in context: OpaquePointer) -> Tensor {
        let (_, row, head, _) = layers[layer].pointee.nb
        return ggml_view_3d(
            context, layers[layer], Int64(headWidth), Int64(rows), Int64(heads), row, head, firstHead * head)
    }

    /// Takes over the rows of a smaller cache.
    func copyRows(of smaller: RowCache) {
        for (source, target) in zip(smaller.layers, layers) {
            let size = source.pointee.nb.2
            withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { bytes in
                for head in 0..<2 * heads {
                    ggml_backend_tensor_get(source, bytes.baseAddress, head * size, size)
                    ggml_backend_tensor_set(target, bytes.baseAddress, head * target.pointee.nb.2, size)
                }
            }
        }
    }

    /// Some rows, as they are, for ``write(_:to:)`` of a cache of the same kind.
    func read(_ rows: Range<Int>) -> KeptRows {
        let row = layers[0].pointee.nb.1
        let blocks = layers.flatMap { layer in
            (0..<2 * heads).map { head in
                [UInt8](unsafeUninitializedCapacity: rows.count * row) { bytes, count in
                    count = rows.count * row
                    let offset = head * layer.pointee.nb.2 + rows.lowerBound * row
                    ggml_backend_tensor_get(layer, bytes.baseAddress, offset, count)
                }
            }
        }
        return KeptRows(blocks: blocks, rowBytes: row)
    }

    /// Puts rows back where they were: the first ones.
    func write(_ kept: KeptRows, to count: Int) {
        for (index, block) in kept.blocks.enumerated() {
            let layer = layers[index / (2 * heads)]
            let (_, row, head, _) = layer.pointee.nb
            block.withUnsafeBytes {
                ggml_backend_tensor_set(
                    layer, $0.baseAddress, index % (2 * heads) * head, min(count * row, $0.count))
            }
        }
    }

    /// Bytes on the device.
    var bytes: Int {
        ggml_backend_buffer_get_size(buffer)
    }
}
