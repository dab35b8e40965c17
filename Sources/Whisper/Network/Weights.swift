internal import CGGML

/// The parameters of one model on one device. Loaded once, read by every lane.
final class Weights: Sendable {
    /// A matrix [inputs, outputs] with its bias.
    struct Linear: Sendable {
        enum Weight: Sendable {
            /// A tensor that ggml multiplies with.
            case tensor(SharedHandle)
            /// A matrix that oneDNN multiplies with; it has its bias with it.
            case packed(PackedMatrix)
        }

        let weight: Weight
        let bias: SharedHandle?
        /// The same once more, for many rows at a time: a prompt is work for the arithmetic units, a token for the memory.
        var wide: PackedMatrix?
        /// Fewer rows are no work for the arithmetic units.
        private static let manyRows = 16

        /// What so many rows are multiplied with.
        func weight(forRows rows: Int) -> Weight {
            if rows >= Self.manyRows, let wide { return .packed(wide) }
            return weight
        }
    }

    /// Scale and bias of a layer normalisation.
    struct Norm: Sendable {
        let scale: SharedHandle
        let bias: SharedHandle
    }

    /// Self-attention; queries, keys and values come from one product.
    struct Attention: Sendable {
        let norm: Norm
        let queryKeyValue: Linear
        let out: Linear
    }

    /// Attention of the decoder to the encoder's result.
    struct CrossAttention: Sendable {
        let norm: Norm
        let query: Linear
        let keyValue: Linear
        let out: Linear
    }

    struct Perceptron: Sendable {
        let norm: Norm
        let first: Linear
        let second: Linear
    }

    struct EncoderBlock: Sendable {
        let attention: Attention
        let perceptron: Perceptron
    }

    struct DecoderBlock: Sendable {
        let attention: Attention
        let cross: CrossAttention
        let perceptron: Perceptron
    }

    let plan: WeightPlan
    let convolutions: [Linear]
    let encoderPositions: SharedHandle
    let encoderBlocks: [EncoderBlock]
    let encoderNorm: Norm
    let decoderBlocks: [DecoderBlock]
    let decoderNorm: Norm
    /// Token embeddings as the output matrix; its rows are padded with zeros up to ``vocabularyRows``.
    let vocabulary: Linear
    let vocabularyRows: Int
    /// Whether oneDNN multiplies with the encoder's matrices; then it also computes attention to what is encoded, in bf16.
    let packsEncoder: Bool
    /// Bytes that the weights take on the device.
    let bytes: Int
    private let storage: WeightStorage

    /// Decoders of more bytes in 16 bits are kept only once: those of `medium` and `large`.
    private static let mostPromptBytes = 256 << 20

    /// Bytes of the decoder's matrices in 16 bits: queries, keys, values and output twice, but for the cross-attention's
    /// keys and values, and a perceptron of four times the width.
    private static func promptBytes(of dimensions: Dimensions) -> Int {
        2 * dimensions.textLayers * dimensions.textState * dimensions.textState * (4 + 2 + 8)
    }

    /// Reads, converts and uploads all parameters.
    init(_ file: ModelFile, device: Device, plan: WeightPlan) throws {
        self.plan = plan
        let dimensions = file.dimensions
        let loader = try WeightLoader(file: file, device: device, packed: plan.packed)
        let encoder = plan.encoder
        let decoder = plan.decoder

        let packsEncoder = plan.encoder == .bf16 && plan.packed && PackedMatrix.suits(device)
        self.packsEncoder = packsEncoder

        func linear(_ name: String, _ format: WeightPlan.Format) throws -> Linear {
            Linear(
                weight: .tensor(try loader.matrix(name + ".weight", format: format)),
                bias: try loader.vector(name + ".bias"))
        }
        func encoderLinear(_ name: String) throws -> Linear {
            guard packsEncoder else { return try linear(name, encoder) }
            return Linear(weight: .packed(try loader.packed(name)), bias: nil)
        }
        func convolution(_ name: String, _ format: WeightPlan.Format) throws -> Linear {
            Linear(
                weight: .tensor(try loader.convolution(name + ".weight", format: format)),
                bias: try loader.vector(name + ".bias"))
        }
        func norm(_ name: String) throws -> Norm {
            Norm(scale: try loader.vector(name + ".weight"), bias: try loader.vector(name + ".bias"))
        }
        func attention(_ block: String, _ linear: (String) throws -> Linear) throws -> Attention {
            Attention(
                norm: try norm(block + ".attn_ln"), queryKeyValue: try linear(block + ".attn.qkv"),
                out: try linear(block + ".attn.out"))
        }
        func perceptron(_ block: String, _ linear: (String) throws -> Linear) throws -> Perceptron {
            Perceptron(
                norm: try norm(block + ".mlp_ln"), first: try linear(block + ".mlp.0"),
                second: try linear(block + ".mlp.2"))
        }
        let packsPrompts =
            packsEncoder && Self.promptBytes(of: dimensions) <= Self.mostPromptBytes
        func decoderLinear(_ name: String) throws -> Linear {
            var layer = try linear(name, decoder)
            if packsPrompts { layer.wide = try loader.packed(name) }
            return layer
        }

        convolutions = [
            // 240 inputs are no whole number of 8-bit blocks, and the product is small.
            try convolution("encoder.conv1", .f32),
            packsEncoder
                ? Linear(weight: .packed(try loader.packedConvolution("encoder.conv2")), bias: nil)
                : try convolution("encoder.conv2", encoder),
        ]
        encoderPositions = try loader.table("encoder.positional_embedding")
        encoderBlocks = try (0..<dimensions.audioLayers).map { layer in
            let block = "encoder.blocks.\(layer)"
            return EncoderBlock(
                attention: try attention(block, encoderLinear), perceptron: try perceptron(block, encoderLinear))
        }
        encoderNorm = try norm("encoder.ln_post")
        decoderBlocks = try (0..<dimensions.textLayers).map { layer in
            let block = "decoder.blocks.\(layer)"
            let cross = CrossAttention(
                norm: try norm(block + ".cross_attn_ln"), query: try decoderLinear(block + ".cross_attn.query"),
                keyValue: try encoderLinear(block + ".cross_attn.kv"),
                out: try decoderLinear(block + ".cross_attn.out"))
            return DecoderBlock(
                attention: try attention(block, decoderLinear), cross: cross,
                perceptron: try perceptron(block, decoderLinear))
        }
        decoderNorm = try norm("decoder.ln")
        // The CPU's matrix unit takes whole tiles of 32 rows.
        vocabularyRows = (dimensions.vocabulary + 31) / 32 * 32
        vocabulary = Linear(
            weight: .tensor(
                try loader.matrix("decoder.token_embedding.weight", format: decoder, paddedRows: vocabularyRows)),
            bias: nil)
        storage = try loader.finish()
        bytes = storage.bytes + loader.packedBytes
    }
}
