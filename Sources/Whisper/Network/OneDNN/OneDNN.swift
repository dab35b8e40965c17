import WhisperText

#if os(Linux)
    internal import CDNNL
    internal import Foundation

    /// oneDNN on this machine's CPU, for matrix products in bf16.
    ///
    /// ggml's own products reach a tenth of what a matrix unit (AMX) can do and half of what AVX512-BF16 can; oneDNN, which
    /// writes its kernels for the processor at hand, reaches most of it. See `docs/engine.md`.
    enum OneDNN {
        /// The CPU; `nil` where oneDNN does not start.
        static let engine: SharedHandle? = {
            var engine: dnnl_engine_t?
            guard dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success, let engine else { return nil }
            return SharedHandle(engine)
        }()

        /// Whether products in bf16 are worth it on a device.
        static func suits(_ device: Device) -> Bool {
            device.kind == .cpu && device.features.contains("AVX512_BF16") && engine != nil
        }

        /// Runs oneDNN's kernels and leaves the thread's matrix unit as it was found: ggml relies on that.
        static func preservingMatrixUnit(_ body: () -> Void) {
            guard hasMatrixUnit else { return body() }
            withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { state in
                amx_save_configuration(state.baseAddress)
                body()
                amx_restore_configuration(state.baseAddress)
            }
        }

        private static let hasMatrixUnit = (try? Device.select("cpu"))?.hasMatrixUnit ?? false

        /// Keeps oneDNN on the calling thread: lanes are what runs side by side, and threads that wait for each other by
        /// spinning would stop them all.
        static func stayOnThisThread() {
            limitThreads?(1)
        }

        private static let limitThreads: (@convention(c) (Int32) -> Void)? = {
            guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "omp_set_num_threads") else { return nil }
            return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
        }()

        /// Place of the row that a product adds, among the arguments: a macro that Swift cannot read.
        static let addedArgument = DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1

        /// A row-major matrix.
        static func matrix(
            _ rows: Int, _ columns: Int, _ type: dnnl_data_type_t, _ tag: dnnl_format_tag_t = dnnl_ab
        ) throws -> dnnl_memory_desc_t {
            var description = dnnl_memory_desc_t()
            var sizes = [Int64](repeating: 0, count: Int(DNNL_MAX_NDIMS))
            sizes[0] = Int64(rows)
            sizes[1] = Int64(columns)
            try check(dnnl_memory_desc_init_by_tag(&description, 2, &sizes, type, tag))
            return description
        }

        /// A matrix whose rows and columns lie the given numbers of values apart.
        static func matrix(
            _ rows: Int, _ columns: Int, _ type: dnnl_data_type_t, strides: (Int, Int)
        ) throws -> dnnl_memory_desc_t {
            var description = dnnl_memory_desc_t()
            var sizes = [Int64](repeating: 0, count: Int(DNNL_MAX_NDIMS))
            var steps = sizes
            (sizes[0], sizes[1]) = (Int64(rows), Int64(columns))
            (steps[0], steps[1]) = (Int64(strides.0), Int64(strides.1))
            try check(dnnl_memory_desc_init_by_strides(&description, 2, &sizes, type, &steps))
            return description
        }

        static func check(_ status: dnnl_status_t) throws {
            guard status == dnnl_success else {
                throw WhisperError(.computeFailed, "oneDNN failed with status \(status.rawValue); try --weights q8_0")
            }
        }

        static func engineHandle() throws -> dnnl_engine_t {
            guard let engine else { throw WhisperError(.computeFailed, "oneDNN did not start; try --weights q8_0") }
            return engine.opaque
        }
    }

    /// Memory that oneDNN reads or writes; it belongs to somebody else unless `owned`.
    final class OneDNNMemory: Sendable {
        private let shared: SharedHandle
        var handle: dnnl_memory_t { shared.opaque }

        /// - Parameter owned: whether to allocate the memory.
        init(_ description: dnnl_memory_desc_t, owned: Bool) throws {
            var memory: dnnl_memory_t?
            var description = description
            // The C header writes these two as casts of -1 and 0.
            let place = owned ? UnsafeMutableRawPointer(bitPattern: UInt.max) : nil
            try OneDNN.check(dnnl_memory_create(&memory, &description, OneDNN.engineHandle(), place))
            guard let memory else { throw WhisperError(.outOfMemory, "no memory for a matrix") }
            shared = SharedHandle(memory)
        }

        deinit {
            dnnl_memory_destroy(handle)
        }

        func point(to data: UnsafeMutableRawPointer?) {
            dnnl_memory_set_data_handle(handle, data)
        }

        /// Shape, number format and arrangement.
        func description() throws -> dnnl_memory_desc_t {
            var description: UnsafePointer<dnnl_memory_desc_t>?
            try OneDNN.check(dnnl_memory_get_memory_desc(handle, &description))
            guard let description else { throw WhisperError(.computeFailed, "oneDNN lost a matrix") }
            return description.pointee
        }

        var data: UnsafeMutableRawPointer? {
            var data: UnsafeMutableRawPointer?
            dnnl_memory_get_data_handle(handle, &data)
            return data
        }
    }
#endif
