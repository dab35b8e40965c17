#if os(Linux)
    internal import CDNNL
    internal import CGGML

    /// One or two linear layers as a single node of a ggml graph: x ↦ [r +] act(x · W₁ + b₁) [· W₂ + b₂].
    ///
    /// Rows go through all of it in blocks that stay in the core's cache.
    final class PackedLayer {
        private static let longestBlock = 256

        private let rows: Int
        private let block: Int
        private let matrices: [PackedMatrix]
        private let workers: [Worker]

        /// - Parameters:
        ///   - matrices: one matrix, or two with the activation between them.
        ///   - rows: rows of x.
        ///   - activates: whether the activation follows the first matrix.
        ///   - hasResidual: whether the node's second input is added to the result.
        ///   - workspaces: one for each thread of the backend.
        init(
            _ matrices: [PackedMatrix], rows: Int, activates: Bool, hasResidual: Bool, workspaces: [Workspace]
        ) throws {
            let threads = workspaces.count
            self.matrices = matrices
            self.rows = rows
            let blocks = (rows + Self.longestBlock * threads - 1) / (Self.longestBlock * threads) * threads
            block = (rows + blocks - 1) / blocks
            let lengths = Set([block, rows % block == 0 ? block : rows % block])
            workers = try workspaces.map {
                try Worker(matrices, lengths: lengths, activates: activates, hasResidual: hasResidual, workspace: $0)
            }
        }

        /// Adds the node to a graph; the graph must keep this object.
        func node(_ context: OpaquePointer, _ x: Tensor, residual: Tensor?) -> Tensor {
            var inputs: [Tensor?] = [x, residual].filter { $0 != nil }
            let outputs = Int64(matrices[matrices.count - 1].outputs)
            return ggml_custom_4d(
                context, GGML_TYPE_F32, outputs, Int64(rows), 1, 1, &inputs, Int32(inputs.count),
                { result, thread, threads, layer in
                    guard let result, let layer else { return }
                    Unmanaged<PackedLayer>.fromOpaque(layer).takeUnretainedValue()
                        .run(result, thread: Int(thread), threads: Int(threads))
                }, GGML_N_TASKS_MAX, Unmanaged.passUnretained(self).toOpaque())
        }

        private func run(_ result: Tensor, thread: Int, threads: Int) {
            guard thread < workers.count, let x = result.pointee.src.0, let target = result.pointee.data,
                let source = x.pointee.data
            else { return }
            OneDNN.stayOnThisThread()
            let residual = result.pointee.src.1
            OneDNN.preservingMatrixUnit {
                runBlocks(
                    result, thread: thread, threads: threads, source: source, x: x, target: target, residual: residual)
            }
        }

        private func runBlocks(
            _ result: Tensor, thread: Int, threads: Int, source: UnsafeMutableRawPointer, x: Tensor,
            target: UnsafeMutableRawPointer, residual: Tensor?
        ) {
            for first in stride(from: thread * block, to: rows, by: threads * block) {
                let count = min(block, rows - first)
                let output = target + first * result.rowStride
                if let residual, let from = residual.pointee.data {
                    output.copyMemory(from: from + first * residual.rowStride, byteCount: count * result.rowStride)
                }
                workers[thread].run(rows: count, source + first * x.rowStride, output)
            }
        }
    }

    extension PackedLayer {
        /// The kernels of one thread.
        private final class Worker {
            private struct Pass {
                let conversion: OneDNNPrimitive
                let wide: OneDNNMemory
                let narrow: OneDNNMemory
                let products: [MatrixProduct]
            }

            private let stream: OneDNNStream
            private let layout: WorkspaceLayout
            private var passes: [Int: Pass] = [:]

            init(
                _ matrices: [PackedMatrix], lengths: Set<Int>, activates: Bool, hasResidual: Bool, workspace: Workspace
            ) throws {
                stream = try OneDNNStream()
                layout = WorkspaceLayout(workspace)
                OneDNN.stayOnThisThread()
                for rows in lengths {
                    layout.end = 0
                    let inputs = matrices[0].inputs
                    let wide = try OneDNNMemory(OneDNN.matrix(rows, inputs, dnnl_f32), owned: false)
                    let narrow = try OneDNNMemory(OneDNN.matrix(rows, inputs, dnnl_bf16), owned: false)
                    var products: [MatrixProduct] = []
                    for (index, matrix) in matrices.enumerated() {
                        let isLast = index == matrices.count - 1
                        products.append(
                            try MatrixProduct(
                                matrix, rows: rows, activates: activates && index == 0,
                                accumulates: isLast && hasResidual, result: isLast ? dnnl_f32 : dnnl_bf16, in: layout))
                    }
                    try layout.place(narrow, products[0].source)
                    if products.count == 2 { try layout.place(products[0].result, products[1].source) }
                    passes[rows] = Pass(
                        conversion: try .reorder(from: wide, to: narrow, in: layout), wide: wide, narrow: narrow,
                        products: products)
                }
            }

            /// ggml's nodes cannot fail: whatever could has been tried when the graph was laid out.
            func run(rows: Int, _ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer) {
                guard let pass = passes[rows], let last = pass.products.last else { return }
                layout.point()
                pass.wide.point(to: source)
                last.result.point(to: target)
                try? pass.conversion.execute(
                    on: stream, [(DNNL_ARG_FROM, pass.wide.handle), (DNNL_ARG_TO, pass.narrow.handle)])
                for product in pass.products { try? product.execute(on: stream) }
            }
        }
    }
#endif
