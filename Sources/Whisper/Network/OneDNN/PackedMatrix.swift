import WhisperText

#if os(Linux)
    internal import CDNNL
    internal import CGGML

    /// The weights of a linear layer in bf16, arranged for the CPU's matrix unit, with their bias in 32 bits.
    ///
    /// Written once, then only read, by every lane.
    final class PackedMatrix: Sendable {
        let inputs: Int
        let outputs: Int
        /// Bytes of the weights.
        let bytes: Int
        let weights: OneDNNMemory
        let biases: OneDNNMemory

        /// - Parameters:
        ///   - weight: the matrix [outputs, inputs].
        ///   - bias: one value an output.
        ///   - channelsAndTaps: given for a convolution [outputs, channels, taps], whose inputs become taps of channels.
        init(weight: Weight, bias: Weight, channelsAndTaps: (Int, Int)? = nil) throws {
            OneDNN.stayOnThisThread()
            inputs = weight.columns
            outputs = weight.rows
            let engine = try OneDNN.engineHandle()
            var stored = WeightConversion.convert(
                weight, to: GGML_TYPE_BF16, rows: weight.rows, columns: weight.columns, channelsAndTaps: channelsAndTaps
            )
            // [outputs, inputs] row by row is [inputs, outputs] column by column.
            let from = try OneDNNMemory(OneDNN.matrix(inputs, outputs, dnnl_bf16, dnnl_ba), owned: false)
            // The arrangement that a typical window asks for; other lengths are computed with the same.
            let typical = try MatrixProduct.describe(
                inputs: inputs, outputs: outputs, rows: 128,
                weights: OneDNN.matrix(inputs, outputs, dnnl_bf16, dnnl_format_tag_any),
                activates: false, accumulates: false, result: dnnl_f32)
            defer { dnnl_primitive_desc_destroy(typical) }
            guard let wanted = dnnl_primitive_desc_query_md(typical, dnnl_query_weights_md, 0)?.pointee else {
                throw WhisperError(.computeFailed, "oneDNN does not say how it arranges weights; try --weights q8_0")
            }
            let packed = try OneDNNMemory(wanted, owned: true)
            let biases = try OneDNNMemory(OneDNN.matrix(1, outputs, dnnl_f32), owned: true)
            if let data = biases.data?.assumingMemoryBound(to: Float.self) {
                bias.read(rows: 0..<bias.rows, into: UnsafeMutableBufferPointer(start: data, count: outputs))
            }
            try stored.withUnsafeMutableBytes { bytes in
                from.point(to: bytes.baseAddress)
                try Self.reorder(from, to: packed, engine: engine)
            }
            var description = wanted
            bytes = dnnl_memory_desc_get_size(&description)
            weights = packed
            self.biases = biases
        }

        /// Whether products of such matrices are worth it on a device.
        static func suits(_ device: Device) -> Bool {
            OneDNN.suits(device)
        }

        private static func reorder(_ from: OneDNNMemory, to: OneDNNMemory, engine: dnnl_engine_t) throws {
            let primitive = try OneDNNPrimitive.reorder(from: from, to: to)
            let stream = try OneDNNStream()
            try primitive.execute(on: stream, [(DNNL_ARG_FROM, from.handle), (DNNL_ARG_TO, to.handle)])
        }
    }
#endif
