import WhisperText

#if os(Linux)
    internal import CDNNL

    /// A computation that oneDNN has written a kernel for.
    final class OneDNNPrimitive {
        private let handle: dnnl_primitive_t
        private let scratchpad: OneDNNMemory?

        /// Takes over nothing: the description stays the caller's.
        ///
        /// - Parameter layout: where its scratch memory lies; `nil` for memory of its own.
        init(_ description: dnnl_primitive_desc_t, in layout: WorkspaceLayout? = nil) throws {
            var primitive: dnnl_primitive_t?
            try OneDNN.check(dnnl_primitive_create(&primitive, description))
            guard let primitive else { throw WhisperError(.computeFailed, "oneDNN made no kernel") }
            handle = primitive
            // Not oneDNN's scratch memory: that would be shared with other threads.
            let needed = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0)
            scratchpad = try needed.flatMap {
                dnnl_memory_desc_get_size($0) > 0 ? try OneDNNMemory($0.pointee, owned: layout == nil) : nil
            }
            if let scratchpad { try layout?.place(scratchpad) }
        }

        deinit {
            dnnl_primitive_destroy(handle)
        }

        /// Converts or rearranges a matrix.
        static func reorder(
            from: OneDNNMemory, to: OneDNNMemory, in layout: WorkspaceLayout? = nil
        ) throws -> OneDNNPrimitive {
            var source = try from.description()
            var target = try to.description()
            let engine = try OneDNN.engineHandle()
            var description: dnnl_primitive_desc_t?
            try OneDNN.check(
                dnnl_reorder_primitive_desc_create(&description, &source, engine, &target, engine, nil))
            guard let description else { throw WhisperError(.computeFailed, "oneDNN cannot rearrange a matrix") }
            defer { dnnl_primitive_desc_destroy(description) }
            return try OneDNNPrimitive(description, in: layout)
        }

        /// A product without bias, times a factor, plus a row that is added to all.
        static func product(
            _ source: OneDNNMemory, _ weights: OneDNNMemory, into result: OneDNNMemory, scale: Float = 1,
            adding row: OneDNNMemory? = nil, in layout: WorkspaceLayout
        ) throws -> OneDNNPrimitive {
            let description = try describeProduct(
                source.description(), weights.description(), result.description(), scale: scale,
                adding: row?.description())
            defer { dnnl_primitive_desc_destroy(description) }
            return try OneDNNPrimitive(description, in: layout)
        }

        /// Describes a product without bias. The caller destroys the description.
        static func describeProduct(
            _ source: dnnl_memory_desc_t, _ weights: dnnl_memory_desc_t, _ result: dnnl_memory_desc_t, scale: Float = 1,
            adding row: dnnl_memory_desc_t? = nil
        ) throws -> dnnl_primitive_desc_t {
            var (source, weights, result) = (source, weights, result)
            var operation = dnnl_matmul_desc_t()
            try OneDNN.check(dnnl_matmul_desc_init(&operation, &source, &weights, nil, &result))
            var attributes: dnnl_primitive_attr_t?
            try OneDNN.check(dnnl_primitive_attr_create(&attributes))
            defer { dnnl_primitive_attr_destroy(attributes) }
            var scale = scale
            try OneDNN.check(dnnl_primitive_attr_set_output_scales(attributes, 1, 0, &scale))
            var after: dnnl_post_ops_t?
            try OneDNN.check(dnnl_post_ops_create(&after))
            defer { dnnl_post_ops_destroy(after) }
            if var row { try OneDNN.check(dnnl_post_ops_append_binary(after, dnnl_binary_add, &row)) }
            try OneDNN.check(dnnl_primitive_attr_set_post_ops(attributes, after))
            try OneDNN.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
            var description: dnnl_primitive_desc_t?
            try OneDNN.check(
                dnnl_primitive_desc_create(&description, &operation, attributes, OneDNN.engineHandle(), nil))
            guard let description else { throw WhisperError(.computeFailed, "oneDNN knows no such product") }
            return description
        }

        /// The softmax of each row.
        static func softmax(
            _ source: OneDNNMemory, into result: OneDNNMemory, in layout: WorkspaceLayout
        ) throws -> OneDNNPrimitive {
            var from = try source.description()
            var to = try result.description()
            var operation = dnnl_softmax_v2_desc_t()
            try OneDNN.check(
                dnnl_softmax_v2_forward_desc_init(
                    &operation, dnnl_forward_inference, dnnl_softmax_accurate, &from, &to, 1))
            var attributes: dnnl_primitive_attr_t?
            try OneDNN.check(dnnl_primitive_attr_create(&attributes))
            defer { dnnl_primitive_attr_destroy(attributes) }
            try OneDNN.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
            var description: dnnl_primitive_desc_t?
            try OneDNN.check(
                dnnl_primitive_desc_create(&description, &operation, attributes, OneDNN.engineHandle(), nil))
            guard let description else { throw WhisperError(.computeFailed, "oneDNN knows no such softmax") }
            defer { dnnl_primitive_desc_destroy(description) }
            return try OneDNNPrimitive(description, in: layout)
        }

        func execute(on stream: OneDNNStream, _ arguments: [(Int32, dnnl_memory_t)]) throws {
            var list = arguments.map { dnnl_exec_arg_t(arg: $0.0, memory: $0.1) }
            if let scratchpad { list.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratchpad.handle)) }
            try OneDNN.check(dnnl_primitive_execute(handle, stream.handle, Int32(list.count), list))
        }
    }

    /// The order in which computations of one thread run.
    final class OneDNNStream {
        let handle: dnnl_stream_t

        init() throws {
            var stream: dnnl_stream_t?
            try OneDNN.check(dnnl_stream_create(&stream, OneDNN.engineHandle(), 0))
            guard let stream else { throw WhisperError(.computeFailed, "oneDNN did not start a stream") }
            handle = stream
        }

        deinit {
            dnnl_stream_destroy(handle)
        }
    }
#endif
