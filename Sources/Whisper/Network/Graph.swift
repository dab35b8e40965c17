internal import CGGML
import WhisperText

/// A computation that is laid out once for a shape and then run as often as wanted with new inputs.
final class Graph {
    private let context: OpaquePointer
    private let handle: OpaquePointer
    private let backend: Backend
    private let memory: ScratchMemory
    private var generation = -1
    private let kept = Kept()

    /// What nodes point to.
    private final class Kept {
        var objects: [AnyObject] = []
    }

    /// Lays out the graph and reserves its memory.
    ///
    /// - Parameters:
    ///   - memory: for the values of its nodes.
    ///   - capacity: the most nodes the graph may have.
    ///   - build: makes the nodes with a ``GraphBuilder``.
    init(backend: Backend, memory: ScratchMemory, capacity: Int, build: (GraphBuilder) throws -> Void) throws {
        let bytes = ggml_tensor_overhead() * capacity + ggml_graph_overhead_custom(capacity, false)
        guard
            let context = ggml_init(ggml_init_params(mem_size: bytes, mem_buffer: nil, no_alloc: true)),
            let handle = ggml_new_graph_custom(context, capacity, false)
        else {
            throw WhisperError(.outOfMemory, "no memory for a graph of \(capacity) nodes")
        }
        self.context = context
        self.handle = handle
        self.backend = backend
        self.memory = memory
        try build(
            GraphBuilder(
                context: context, graph: handle, workspaces: backend.workspaces,
                multipliesRowsApart: backend.device.multipliesRowsApart
            ) { [kept] in kept.objects.append($0) })
        guard memory.lay(handle) else {
            throw WhisperError(.outOfMemory, "device \(backend.device.name) has no memory left for this window")
        }
        generation = memory.generation
    }

    deinit {
        ggml_free(context)
    }

    /// Whether its values still have their places: they lose them when the memory moves.
    var isCurrent: Bool {
        memory.generation == generation
    }

    func compute() throws {
        let status = ggml_backend_graph_compute(backend.handle, handle)
        guard status == GGML_STATUS_SUCCESS else {
            throw WhisperError(
                .computeFailed, "device \(backend.device.name) failed to compute (status \(status.rawValue))")
        }
    }
}
