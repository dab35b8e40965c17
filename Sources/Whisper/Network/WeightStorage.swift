internal import CGGML
import WhisperText

/// Owns the memory behind a set of tensors on a device.
final class WeightStorage: Sendable {
    private let contexts: [SharedHandle]
    private let buffers: [SharedHandle]
    /// Bytes on the device.
    let bytes: Int

    /// Takes over contexts and buffers; they are freed with this object.
    init(contexts: [OpaquePointer], buffers: [OpaquePointer]) {
        self.contexts = contexts.map { SharedHandle($0) }
        self.buffers = buffers.map { SharedHandle($0) }
        bytes = buffers.reduce(0) { $0 + ggml_backend_buffer_get_size($1) }
    }

    deinit {
        for buffer in buffers { ggml_backend_buffer_free(buffer.opaque) }
        for context in contexts { ggml_free(context.opaque) }
    }
}

/// Plans tensors, then allocates and fills them all at once.
final class WeightLoader {
    /// Rearranges a row of [channels, taps] into [taps, channels], so that a convolution is a product with a stretch of
    /// consecutive frames.
    private struct Taps {
        let channels: Int
        let count: Int
    }

    private struct Request {
        let tensor: Tensor
        let source: Weight
        let taps: Taps?
    }

    private let file: ModelFile
    private let device: OpaquePointer
    private let packedTypes: [ggml_backend_buffer_type_t]
    private var contexts: [(type: ggml_backend_buffer_type_t, context: OpaquePointer)] = []
    private var requests: [Request] = []
    /// Bytes of the matrices that oneDNN holds.
    private(set) var packedBytes = 0

    init(file: ModelFile, device: Device, packed: Bool) throws {
        self.file = file
        self.device = device.handle.opaque
        packedTypes = packed ? Self.extraBufferTypes(of: device.handle.opaque) : []
    }

    /// A matrix in the given format, in the arrangement that suits the device best.
    func matrix(_ name: String, format: WeightPlan.Format, paddedRows: Int? = nil) throws -> SharedHandle {
        let source = try file.weight(name)
        return try request(source, columns: source.columns, rows: paddedRows ?? source.rows, format: format)
    }

    /// A convolution [outputs, channels, taps] as a matrix whose columns are taps of channels.
    func convolution(_ name: String, format: WeightPlan.Format) throws -> SharedHandle {
        let source = try file.weight(name)
        let taps = source.shape.last ?? 1
        return try request(
            source, columns: source.columns, rows: source.rows, format: format,
            taps: Taps(channels: source.columns / taps, count: taps))
    }

    /// A linear layer for oneDNN.
    func packed(_ name: String) throws -> PackedMatrix {
        let matrix = try PackedMatrix(weight: file.weight(name + ".weight"), bias: file.weight(name + ".bias"))
        packedBytes += matrix.bytes
        return matrix
    }

    /// A convolution for oneDNN.
    func packedConvolution(_ name: String) throws -> PackedMatrix {
        let weight = try file.weight(name + ".weight")
        let taps = weight.shape.last ?? 1
        let matrix = try PackedMatrix(
            weight: weight, bias: file.weight(name + ".bias"), channelsAndTaps: (weight.columns / taps, taps))
        packedBytes += matrix.bytes
        return matrix
    }

    /// A vector in 32 bits.
    func vector(_ name: String) throws -> SharedHandle {
        let source = try file.weight(name)
        return try request(source, columns: source.rows * source.columns, rows: 1, format: .f32, plain: true)
    }

    /// A matrix that is added or looked up, not multiplied: in 32 bits.
    func table(_ name: String) throws -> SharedHandle {
        let source = try file.weight(name)
        return try request(source, columns: source.columns, rows: source.rows, format: .f32, plain: true)
    }

    private func request(
        _ source: Weight, columns: Int, rows: Int, format: WeightPlan.Format, plain: Bool = false, taps: Taps? = nil
    ) throws -> SharedHandle {
        // A row that is no whole number of blocks cannot be quantised.
        let type = format == .q8_0 && columns % 32 != 0 ? GGML_TYPE_F16 : format.type
        let bufferType = plain ? nil : packedType(for: type, columns: columns, rows: rows)
        let context = try context(for: bufferType ?? ggml_backend_dev_buffer_type(device))
        guard let tensor = ggml_new_tensor_2d(context, type, Int64(columns), Int64(rows)) else {
            throw WhisperError(.outOfMemory, "no memory for the list of weights")
        }
        requests.append(Request(tensor: tensor, source: source, taps: taps))
        return SharedHandle(tensor)
    }

    /// Allocates the memory and fills it from the file.
    func finish() throws -> WeightStorage {
        var buffers: [OpaquePointer] = []
        for (type, context) in contexts {
            guard let buffer = ggml_backend_alloc_ctx_tensors_from_buft(context, type) else {
                buffers.forEach { ggml_backend_buffer_free($0) }
                contexts.forEach { ggml_free($0.context) }
                throw WhisperError(.outOfMemory, "not enough memory on this device for the model; try a smaller model")
            }
            ggml_backend_buffer_set_usage(buffer, GGML_BACKEND_BUFFER_USAGE_WEIGHTS)
            buffers.append(buffer)
        }
        let storage = WeightStorage(contexts: contexts.map(\.context), buffers: buffers)
        for request in requests {
            let bytes = WeightConversion.convert(
                request.source, to: request.tensor.pointee.type, rows: Int(request.tensor.pointee.ne.1),
                columns: Int(request.tensor.pointee.ne.0), channelsAndTaps: request.taps.map { ($0.channels, $0.count) }
            )
            bytes.withUnsafeBytes { ggml_backend_tensor_set(request.tensor, $0.baseAddress, 0, $0.count) }
        }
        return storage
    }

    private func context(for type: ggml_backend_buffer_type_t) throws -> OpaquePointer {
        if let known = contexts.first(where: { $0.type == type }) { return known.context }
        let parameters = ggml_init_params(mem_size: ggml_tensor_overhead() * 2048, mem_buffer: nil, no_alloc: true)
        guard let context = ggml_init(parameters) else {
            throw WhisperError(.outOfMemory, "no memory for the list of weights")
        }
        contexts.append((type, context))
        return context
    }

    /// The first arrangement in which the device multiplies such a matrix.
    private func packedType(for type: ggml_type, columns: Int, rows: Int) -> ggml_backend_buffer_type_t? {
        packedTypes.first { candidate in
            let parameters = ggml_init_params(mem_size: ggml_tensor_overhead() * 4, mem_buffer: nil, no_alloc: true)
            guard let context = ggml_init(parameters), let empty = ggml_backend_buft_alloc_buffer(candidate, 0) else {
                return false
            }
            defer {
                ggml_backend_buffer_free(empty)
                ggml_free(context)
            }
            let weight: Tensor = ggml_new_tensor_2d(context, type, Int64(columns), Int64(rows))
            weight.pointee.buffer = empty
            let x: Tensor = ggml_new_tensor_2d(context, GGML_TYPE_F32, Int64(columns), 8)
            return ggml_backend_dev_supports_op(device, ggml_mul_mat(context, weight, x))
        }
    }

    private static func extraBufferTypes(of device: OpaquePointer) -> [ggml_backend_buffer_type_t] {
        typealias GetTypes = @convention(c) (OpaquePointer?) -> UnsafeMutablePointer<ggml_backend_buffer_type_t?>?
        guard let registry = ggml_backend_dev_backend_reg(device),
            let symbol = ggml_backend_reg_get_proc_address(registry, "ggml_backend_dev_get_extra_bufts"),
            var entry = unsafeBitCast(symbol, to: GetTypes.self)(device)
        else { return [] }
        var types: [ggml_backend_buffer_type_t] = []
        while let type = entry.pointee {
            types.append(type)
            entry += 1
        }
        return types
    }
}
