internal import CGGML

/// How weights are stored on a device: the number format for each part of the network.
public struct WeightPlan: Sendable, Equatable, CustomStringConvertible {
    /// A number format.
    public enum Format: String, Sendable, CaseIterable {
        /// 32-bit floating point.
        case f32
        /// 16-bit floating point with 11 significant bits.
        case f16
        /// 16-bit floating point with 8 significant bits and the range of `f32`.
        case bf16
        /// 8-bit integers with one scale for 32 values.
        case q8_0

        var type: ggml_type {
            switch self {
            case .f32: GGML_TYPE_F32
            case .f16: GGML_TYPE_F16
            case .bf16: GGML_TYPE_BF16
            case .q8_0: GGML_TYPE_Q8_0
            }
        }
    }

    /// Format of the encoder's matrices and of the projection of its result for the decoder: work for the arithmetic units.
    public var encoder: Format
    /// Format of the decoder's matrices and of the vocabulary: work for the memory, so the smaller the better.
    public var decoder: Format
    /// Whether matrices are rearranged for the CPU's matrix unit where ggml has kernels for it.
    public var packed: Bool
    /// Whether the activation function is computed exactly instead of from ggml's table of 16-bit values.
    public var exactActivation: Bool

    /// Creates a plan.
    public init(encoder: Format, decoder: Format, packed: Bool = true, exactActivation: Bool = false) {
        self.encoder = encoder
        self.decoder = decoder
        self.packed = packed
        self.exactActivation = exactActivation
    }

    /// Everything in 32 bits: for comparing with other implementations.
    public static let exact = WeightPlan(encoder: .f32, decoder: .f32, packed: false, exactActivation: true)

    /// What is fastest on a device without measurable harm to the text.
    ///
    /// Measured with matrices of Whisper base (`sori bench engine --weights …` repeats it). Throughput in GFLOP/s of one
    /// core: Zen 5 bf16 257, f32 170, f16 160, q8_0 130; Sapphire Rapids q8_0 in its matrix unit 170, f32 60, bf16 50. For
    /// one row at a time q8_0 always wins, because it reads the fewest bytes.
    public static func recommended(for device: Device) -> WeightPlan {
        guard device.kind == .cpu else { return WeightPlan(encoder: .f16, decoder: .f16) }
        if device.features.contains("AVX512_BF16") { return WeightPlan(encoder: .bf16, decoder: .q8_0) }
        return WeightPlan(encoder: .q8_0, decoder: .q8_0)
    }

    /// The plan as the command line writes it, such as `bf16/q8_0`.
    public var description: String {
        encoder == decoder ? encoder.rawValue : "\(encoder.rawValue)/\(decoder.rawValue)"
    }
}
