#if os(Linux)
    internal import CDNNL

    /// Memory of one thread for what kernels hand to each other within one node of a graph. Nodes run one after the other,
    /// so all nodes of all graphs share it.
    final class Workspace {
        private static let alignment = 64

        fileprivate private(set) var base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: alignment)
        fileprivate private(set) var generation = 0
        private var capacity = 0

        deinit {
            base.deallocate()
        }

        fileprivate func reserve(_ bytes: Int) {
            guard bytes > capacity else { return }
            base.deallocate()
            base = .allocate(byteCount: bytes, alignment: Self.alignment)
            capacity = bytes
            generation += 1
        }

        /// Bytes with what is needed for the next place to be aligned.
        fileprivate static func rounded(_ bytes: Int) -> Int {
            (bytes + alignment - 1) / alignment * alignment
        }
    }

    /// Where the matrices of one node lie in a workspace. Between two runs of the node, others overwrite them.
    final class WorkspaceLayout {
        private let workspace: Workspace
        private var places: [(memory: OneDNNMemory, offset: Int)] = []
        private var generation = -1
        /// Where the next matrix is placed. Set it back to let matrices share a place that are not used together.
        var end = 0

        init(_ workspace: Workspace) {
            self.workspace = workspace
        }

        /// Gives matrices a place, all the same one.
        func place(_ memories: OneDNNMemory...) throws {
            var bytes = 0
            for memory in memories {
                var description = try memory.description()
                bytes = max(bytes, dnnl_memory_desc_get_size(&description))
                places.append((memory, end))
            }
            end += Workspace.rounded(bytes)
            workspace.reserve(end)
        }

        /// To be called before the node runs: the workspace may have moved since.
        func point() {
            guard generation != workspace.generation else { return }
            generation = workspace.generation
            for (memory, offset) in places { memory.point(to: workspace.base + offset) }
        }
    }
#endif
