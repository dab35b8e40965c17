import WhisperText

#if os(Linux)
    internal import CDNNL
    internal import CGGML

    /// Attention as a single node of a ggml graph: softmax(q · kᵀ / 8) · v for every head. Queries look at the keys beside
    /// them, or at those of a cache.
    ///
    /// Queries go through in blocks whose scores stay in the core's cache; products are in bf16, sums and softmax in 32 bits.
    final class PackedAttention {
        private static let longestBlock = 96

        private let rows: Int
        private let state: Int
        private let block: Int
        private let cached: CachedRows?
        private let workers: [Worker]

        /// - Parameters:
        ///   - rows: positions or tokens whose queries are asked.
        ///   - state: width of queries, of keys and of values.
        ///   - stride: width of the node's input [stride, rows], whose rows begin with the queries; without a cache keys and
        ///     values follow them.
        ///   - cached: the rows of a cache whose keys and values are looked at; `nil` for those of the input.
        ///   - workspaces: one for each thread of the backend.
        init(rows: Int, state: Int, stride: Int, cached: CachedRows? = nil, workspaces: [Workspace]) throws {
            self.rows = rows
            self.state = state
            self.cached = cached
            let blocks = (rows + Self.longestBlock - 1) / Self.longestBlock
            block = (rows + blocks - 1) / blocks
            let lengths = Set([block, rows % block == 0 ? block : rows % block])
            workers = try workspaces.map {
                try Worker(
                    rows: cached?.capacity ?? rows, stride: stride, isCached: cached != nil, lengths: lengths,
                    workspace: $0)
            }
        }

        /// Adds the node to a graph; the graph must keep this object.
        ///
        /// - Parameter cache: where keys and values are, laid out as a ``RowCache``'s layer in bf16.
        func node(_ context: OpaquePointer, _ input: Tensor, cache: Tensor? = nil) -> Tensor {
            var inputs: [Tensor?] = [input] + (cache.map { [$0] } ?? [])
            return ggml_custom_4d(
                context, GGML_TYPE_F32, Int64(state), Int64(rows), 1, 1, &inputs, Int32(inputs.count),
                { result, thread, threads, attention in
                    guard let result, let attention else { return }
                    Unmanaged<PackedAttention>.fromOpaque(attention).takeUnretainedValue()
                        .run(result, thread: Int(thread), threads: Int(threads))
                }, GGML_N_TASKS_MAX, Unmanaged.passUnretained(self).toOpaque())
        }

        private func run(_ result: Tensor, thread: Int, threads: Int) {
            guard thread < workers.count, let input = result.pointee.src.0, let source = input.pointee.data,
                let target = result.pointee.data
            else { return }
            OneDNN.stayOnThisThread()
            OneDNN.preservingMatrixUnit {
                let heads = state / headWidth
                if let cached { workers[thread].look(at: cached.count) }
                for head in stride(from: thread, to: heads, by: threads) {
                    let offset = head * headWidth * MemoryLayout<Float>.stride
                    if let cache = result.pointee.src.1, let rows = cache.pointee.data {
                        let size = Int(cache.pointee.nb.2)
                        workers[thread].load(keys: rows + head * size, values: rows + (heads + head) * size)
                    } else {
                        let width = state * MemoryLayout<Float>.stride
                        workers[thread].load(keys: source + width + offset, values: source + 2 * width + offset)
                    }
                    for first in stride(from: 0, to: rows, by: block) {
                        workers[thread].run(
                            rows: min(block, rows - first), queries: source + first * input.rowStride + offset,
                            target: target + first * result.rowStride + offset, stride: result.rowStride)
                    }
                }
            }
        }
    }

    extension PackedAttention {
        /// The kernels of one thread.
        private final class Worker {
            /// Kernels for one length of block.
            private struct Pass {
                let queries: OneDNNMemory
                let narrowQueries: OneDNNMemory
                let convert: OneDNNPrimitive
                let score: OneDNNPrimitive
                let scores: OneDNNMemory
                let weigh: OneDNNPrimitive
                let weights: OneDNNMemory
                let sum: OneDNNPrimitive
                let sums: OneDNNMemory
            }

            private let stream: OneDNNStream
            private let keys: Side
            private let values: Side
            /// Added to the scores: 0, and -∞ where there is no position.
            private let mask: OneDNNMemory
            private let layout: WorkspaceLayout
            private var passes: [Int: Pass] = [:]

            /// Positions that are looked at, of `longest`.
            private var lookedAt: Int
            private let longest: Int

            init(rows: Int, stride: Int, isCached: Bool, lengths: Set<Int>, workspace: Workspace) throws {
                stream = try OneDNNStream()
                layout = WorkspaceLayout(workspace)
                OneDNN.stayOnThisThread()
                // The matrix unit takes sums of 32 products: positions are filled up with zeros.
                let padded = (rows + 31) / 32 * 32
                (lookedAt, longest) = (rows, rows)
                let typical = lengths.max() ?? rows
                let source = isCached ? (type: dnnl_bf16, stride: headWidth) : (dnnl_f32, stride)
                keys = try Side(
                    rows: rows, padded: padded, source: source, tag: dnnl_ba, shape: (headWidth, padded),
                    arrangement: Self.arrangement(rows: typical, inputs: headWidth, outputs: padded),
                    layout: layout)
                values = try Side(
                    rows: rows, padded: padded, source: source, tag: dnnl_ab, shape: (padded, headWidth),
                    arrangement: Self.arrangement(rows: typical, inputs: padded, outputs: headWidth),
                    layout: layout)
                mask = try OneDNNMemory(OneDNN.matrix(1, padded, dnnl_f32), owned: true)
                if let data = mask.data?.assumingMemoryBound(to: Float.self) {
                    for position in 0..<padded { data[position] = position < rows ? 0 : -.infinity }
                }
                let behindSides = layout.end
                for length in lengths {
                    layout.end = behindSides
                    let queries = try OneDNNMemory(
                        OneDNN.matrix(length, headWidth, dnnl_f32, strides: (stride, 1)), owned: false)
                    let narrow = try OneDNNMemory(OneDNN.matrix(length, headWidth, dnnl_bf16), owned: false)
                    let scores = try OneDNNMemory(OneDNN.matrix(length, padded, dnnl_f32), owned: false)
                    let weights = try OneDNNMemory(OneDNN.matrix(length, padded, dnnl_bf16), owned: false)
                    // Dense: oneDNN's quick kernels do not write rows that lie apart.
                    let sums = try OneDNNMemory(OneDNN.matrix(length, headWidth, dnnl_f32), owned: false)
                    for memory in [narrow, scores, weights, sums] { try layout.place(memory) }
                    passes[length] = Pass(
                        queries: queries, narrowQueries: narrow,
                        convert: try .reorder(from: queries, to: narrow, in: layout),
                        score: try .product(
                            narrow, keys.packed, into: scores, scale: 1 / Float(headWidth).squareRoot(), adding: mask,
                            in: layout),
                        scores: scores, weigh: try .softmax(scores, into: weights, in: layout), weights: weights,
                        sum: try .product(weights, values.packed, into: sums, in: layout), sums: sums)
                }
            }

            /// Closes the positions from one on.
            func look(at count: Int) {
                guard count != lookedAt, let data = mask.data?.assumingMemoryBound(to: Float.self) else { return }
                lookedAt = count
                for position in 0..<longest { data[position] = position < count ? 0 : -.infinity }
            }

            /// ggml's nodes cannot fail: whatever could has been tried when the graph was laid out.
            func load(keys: UnsafeMutableRawPointer, values: UnsafeMutableRawPointer) {
                layout.point()
                self.keys.load(keys, on: stream)
                self.values.load(values, on: stream)
            }

            func run(rows: Int, queries: UnsafeMutableRawPointer, target: UnsafeMutableRawPointer, stride: Int) {
                guard let pass = passes[rows] else { return }
                pass.queries.point(to: queries)
                try? pass.convert.execute(
                    on: stream, [(DNNL_ARG_FROM, pass.queries.handle), (DNNL_ARG_TO, pass.narrowQueries.handle)])
                try? pass.score.execute(
                    on: stream,
                    [
                        (DNNL_ARG_SRC, pass.narrowQueries.handle), (DNNL_ARG_WEIGHTS, keys.packed.handle),
                        (DNNL_ARG_DST, pass.scores.handle), (OneDNN.addedArgument, mask.handle),
                    ])
                try? pass.weigh.execute(
                    on: stream, [(DNNL_ARG_SRC, pass.scores.handle), (DNNL_ARG_DST, pass.weights.handle)])
                try? pass.sum.execute(
                    on: stream,
                    [
                        (DNNL_ARG_SRC, pass.weights.handle), (DNNL_ARG_WEIGHTS, values.packed.handle),
                        (DNNL_ARG_DST, pass.sums.handle),
                    ])
                guard let sums = pass.sums.data else { return }
                let width = headWidth * MemoryLayout<Float>.stride
                for row in 0..<rows {
                    (target + row * stride).copyMemory(from: sums + row * width, byteCount: width)
                }
            }

            /// How oneDNN wants the right side of a product in bf16.
            private static func arrangement(rows: Int, inputs: Int, outputs: Int) throws -> dnnl_memory_desc_t {
                let description = try OneDNNPrimitive.describeProduct(
                    OneDNN.matrix(rows, inputs, dnnl_bf16),
                    OneDNN.matrix(inputs, outputs, dnnl_bf16, dnnl_format_tag_any),
                    OneDNN.matrix(rows, outputs, dnnl_f32))
                defer { dnnl_primitive_desc_destroy(description) }
                guard let wanted = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0)?.pointee else {
                    throw WhisperError(.computeFailed, "oneDNN does not say how it arranges keys; try --weights q8_0")
                }
                return wanted
            }
        }
    }

    extension PackedAttention {
        /// The keys or values of one head, as the right side of a product.
        private final class Side {
            private let wide: OneDNNMemory
            private let narrow: OneDNNMemory
            private let filled: OneDNNMemory
            private let convert: OneDNNPrimitive
            private let pack: OneDNNPrimitive
            /// Values behind the rows, which count as positions without sound.
            private let padding: Range<Int>
            /// Arranged for the matrix unit.
            let packed: OneDNNMemory

            init(
                rows: Int, padded: Int, source: (type: dnnl_data_type_t, stride: Int), tag: dnnl_format_tag_t,
                shape: (Int, Int),
                arrangement: dnnl_memory_desc_t, layout: WorkspaceLayout
            ) throws {
                padding = rows * headWidth..<padded * headWidth
                wide = try OneDNNMemory(
                    OneDNN.matrix(rows, headWidth, source.type, strides: (source.stride, 1)), owned: false)
                filled = try OneDNNMemory(OneDNN.matrix(shape.0, shape.1, dnnl_bf16, tag), owned: false)
                // The rows that are converted are the first of those that are packed.
                narrow = try OneDNNMemory(OneDNN.matrix(rows, headWidth, dnnl_bf16), owned: false)
                packed = try OneDNNMemory(arrangement, owned: false)
                try layout.place(filled, narrow)
                try layout.place(packed)
                convert = try .reorder(from: wide, to: narrow, in: layout)
                pack = try .reorder(from: filled, to: packed, in: layout)
            }

            func load(_ source: UnsafeMutableRawPointer, on stream: OneDNNStream) {
                wide.point(to: source)
                try? convert.execute(on: stream, [(DNNL_ARG_FROM, wide.handle), (DNNL_ARG_TO, narrow.handle)])
                if let data = filled.data?.assumingMemoryBound(to: UInt16.self), !padding.isEmpty {
                    (data + padding.lowerBound).update(repeating: 0, count: padding.count)
                }
                try? pack.execute(on: stream, [(DNNL_ARG_FROM, filled.handle), (DNNL_ARG_TO, packed.handle)])
            }
        }
    }
#endif
