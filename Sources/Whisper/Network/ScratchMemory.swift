internal import CGGML
import WhisperText

/// Memory for what passes between the nodes of graphs. One piece serves all graphs of a lane, since only one of them is
/// computed at a time: what a graph was given and has found is there until another is used.
final class ScratchMemory {
    private let allocator: ggml_gallocr_t
    /// How often the memory has moved to a larger place. Graphs that were laid out before a move must not be used.
    private(set) var generation = 0

    init(backend: Backend) throws {
        guard let allocator = ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend.handle)) else {
            throw WhisperError(.outOfMemory, "no memory for the plan of a graph")
        }
        self.allocator = allocator
    }

    deinit {
        ggml_gallocr_free(allocator)
    }

    /// Bytes on the device.
    var bytes: Int {
        ggml_gallocr_get_buffer_size(allocator, 0)
    }

    /// Gives every node of a graph its place.
    ///
    /// - Returns: whether the device has enough memory.
    func lay(_ graph: OpaquePointer) -> Bool {
        let before = bytes
        let isLaid = ggml_gallocr_alloc_graph(allocator, graph)
        if before > 0, bytes != before { generation += 1 }
        return isLaid
    }
}
