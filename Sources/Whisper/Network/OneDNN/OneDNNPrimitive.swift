#if os(Linux)
    internal import CDNNL

    /// A computation that oneDNN has written a kernel for.
    final class OneDNNPrimitive {
        private let handle: dnnl_primitive_t
        private let scratchpad: OneDNNMemory?

        /// Takes over nothing: the description stays the caller's.
        init(_ description: dnnl_primitive_desc_t) throws {
            var primitive: dnnl_primitive_t?
            try OneDNN.check(dnnl_primitive_create(&primitive, description))
            guard let primitive else { throw WhisperError(.computeFailed, "oneDNN made no kernel") }
            handle = primitive
            // Scratch memory of its own: oneDNN's would be shared with other threads.
            let needed = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0)
            scratchpad = try needed.flatMap { dnnl_memory_desc_get_size($0) > 0 ? try OneDNNMemory($0.pointee, owned: true) : nil }
        }

        deinit {
            dnnl_primitive_destroy(handle)
        }

        /// Converts or rearranges a matrix.
        static func reorder(from: OneDNNMemory, to: OneDNNMemory) throws -> OneDNNPrimitive {
            var source: UnsafePointer<dnnl_memory_desc_t>?
            var target: UnsafePointer<dnnl_memory_desc_t>?
            try OneDNN.check(dnnl_memory_get_memory_desc(from.handle, &source))
            try OneDNN.check(dnnl_memory_get_memory_desc(to.handle, &target))
            let engine = try OneDNN.engineHandle()
            var description: dnnl_primitive_desc_t?
            try OneDNN.check(
                dnnl_reorder_primitive_desc_create(&description, source, engine, target, engine, nil))
            guard let description else { throw WhisperError(.computeFailed, "oneDNN cannot rearrange a matrix") }
            defer { dnnl_primitive_desc_destroy(description) }
            return try OneDNNPrimitive(description)
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
