import WhisperText

#if os(Linux)
    internal import CDNNL

    /// y = x · W + b for a number of rows, with what follows it done in the same pass.
    struct MatrixProduct {
        /// Rows of x in bf16 [rows, inputs].
        let source: OneDNNMemory
        /// Rows of y [rows, outputs].
        let result: OneDNNMemory
        private let matrix: PackedMatrix
        private let primitive: OneDNNPrimitive

        /// - Parameters:
        ///   - activates: whether the Gaussian error unit follows.
        ///   - accumulates: whether the product is added to what `result` holds.
        ///   - result: number format of y.
        ///   - layout: for scratch memory; `source` and `result` are to be placed by the caller.
        init(
            _ matrix: PackedMatrix, rows: Int, activates: Bool, accumulates: Bool, result type: dnnl_data_type_t,
            in layout: WorkspaceLayout
        ) throws {
            self.matrix = matrix
            let description = try Self.describe(
                inputs: matrix.inputs, outputs: matrix.outputs, rows: rows, weights: matrix.weights.description(),
                activates: activates, accumulates: accumulates, result: type)
            defer { dnnl_primitive_desc_destroy(description) }
            primitive = try OneDNNPrimitive(description, in: layout)
            source = try OneDNNMemory(OneDNN.matrix(rows, matrix.inputs, dnnl_bf16), owned: false)
            result = try OneDNNMemory(OneDNN.matrix(rows, matrix.outputs, type), owned: false)
        }

        func execute(on stream: OneDNNStream) throws {
            try primitive.execute(
                on: stream,
                [
                    (DNNL_ARG_SRC, source.handle), (DNNL_ARG_WEIGHTS, matrix.weights.handle),
                    (DNNL_ARG_BIAS, matrix.biases.handle), (DNNL_ARG_DST, result.handle),
                ])
        }

        /// Describes a product. The caller destroys the description.
        static func describe(
            inputs: Int, outputs: Int, rows: Int, weights: dnnl_memory_desc_t, activates: Bool, accumulates: Bool,
            result: dnnl_data_type_t
        ) throws -> dnnl_primitive_desc_t {
            var source = try OneDNN.matrix(rows, inputs, dnnl_bf16)
            var weights = weights
            var bias = try OneDNN.matrix(1, outputs, dnnl_f32)
            var target = try OneDNN.matrix(rows, outputs, result)
            var operation = dnnl_matmul_desc_t()
            try OneDNN.check(dnnl_matmul_desc_init(&operation, &source, &weights, &bias, &target))

            var attributes: dnnl_primitive_attr_t?
            var after: dnnl_post_ops_t?
            try OneDNN.check(dnnl_primitive_attr_create(&attributes))
            defer { dnnl_primitive_attr_destroy(attributes) }
            try OneDNN.check(dnnl_post_ops_create(&after))
            defer { dnnl_post_ops_destroy(after) }
            if accumulates { try OneDNN.check(dnnl_post_ops_append_sum(after, 1)) }
            if activates {
                try OneDNN.check(dnnl_post_ops_append_eltwise(after, 1, dnnl_eltwise_gelu_erf, 0, 0))
            }
            try OneDNN.check(dnnl_primitive_attr_set_post_ops(attributes, after))
            try OneDNN.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))

            var description: dnnl_primitive_desc_t?
            try OneDNN.check(
                dnnl_primitive_desc_create(&description, &operation, attributes, OneDNN.engineHandle(), nil))
            guard let description else { throw WhisperError(.computeFailed, "oneDNN knows no such product") }
            return description
        }
    }
#endif
