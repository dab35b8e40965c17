/// One weight that a Whisper model must have: its name and shape, and where the two file formats keep it.
///
/// Names are OpenAI's, except that queries, keys and values are stacked into one matrix, which the network multiplies at once.
struct TensorPlan {
    var name: String
    var shape: [Int]
    /// Name of the variable in a CTranslate2 file, which stacks as we do.
    var ctranslate2: String
    /// What is stacked in a whisper.cpp file.
    var ggml: [Source]

    /// Rows of a weight in a whisper.cpp file.
    enum Source {
        case stored(String, rows: Int)
        case zeros(rows: Int)
    }

    /// All weights of a model.
    static func all(_ dimensions: Dimensions) -> [TensorPlan] {
        encoder(dimensions) + decoder(dimensions)
    }

    private static func encoder(_ dimensions: Dimensions) -> [TensorPlan] {
        let width = dimensions.audioState
        var plans = [
            TensorPlan("encoder.conv1.weight", [width, dimensions.melBands, 3], "encoder/conv1/weight"),
            TensorPlan("encoder.conv1.bias", [width], "encoder/conv1/bias"),
            TensorPlan("encoder.conv2.weight", [width, width, 3], "encoder/conv2/weight"),
            TensorPlan("encoder.conv2.bias", [width], "encoder/conv2/bias"),
            TensorPlan(
                "encoder.positional_embedding", [dimensions.audioPositions, width],
                "encoder/position_encodings/encodings"),
        ]
        plans += norm("encoder.ln_post", width, "encoder/layer_norm")
        for layer in 0..<dimensions.audioLayers {
            plans += block("encoder.blocks.\(layer)", width, "encoder/layer_\(layer)")
        }
        return plans
    }

    private static func decoder(_ dimensions: Dimensions) -> [TensorPlan] {
        let width = dimensions.textState
        var plans = [
            TensorPlan(
                "decoder.token_embedding.weight", [dimensions.vocabulary, width], "decoder/embeddings/weight"),
            TensorPlan(
                "decoder.positional_embedding", [dimensions.textPositions, width],
                "decoder/position_encodings/encodings"),
        ]
        plans += norm("decoder.ln", width, "decoder/layer_norm")
        for layer in 0..<dimensions.textLayers {
            let name = "decoder.blocks.\(layer)"
            let ctranslate2 = "decoder/layer_\(layer)"
            plans += block(name, width, ctranslate2)
            plans += norm("\(name).cross_attn_ln", width, "\(ctranslate2)/attention/layer_norm")
            plans += linear("\(name).cross_attn.query", [width, width], "\(ctranslate2)/attention/linear_0")
            plans += stack("\(name).cross_attn", "kv", ["key", "value"], width, "\(ctranslate2)/attention/linear_1")
            plans += linear("\(name).cross_attn.out", [width, width], "\(ctranslate2)/attention/linear_2")
        }
        return plans
    }

    /// Self-attention and the two layers after it.
    private static func block(_ name: String, _ width: Int, _ ctranslate2: String) -> [TensorPlan] {
        norm("\(name).attn_ln", width, "\(ctranslate2)/self_attention/layer_norm")
            + stack("\(name).attn", "qkv", ["query", "key", "value"], width, "\(ctranslate2)/self_attention/linear_0")
            + linear("\(name).attn.out", [width, width], "\(ctranslate2)/self_attention/linear_1")
            + norm("\(name).mlp_ln", width, "\(ctranslate2)/ffn/layer_norm")
            + linear("\(name).mlp.0", [4 * width, width], "\(ctranslate2)/ffn/linear_0")
            + linear("\(name).mlp.2", [width, 4 * width], "\(ctranslate2)/ffn/linear_1")
    }

    private static func norm(_ name: String, _ width: Int, _ ctranslate2: String) -> [TensorPlan] {
        [
            TensorPlan("\(name).weight", [width], "\(ctranslate2)/gamma"),
            TensorPlan("\(name).bias", [width], "\(ctranslate2)/beta"),
        ]
    }

    private static func linear(_ name: String, _ shape: [Int], _ ctranslate2: String) -> [TensorPlan] {
        [
            TensorPlan("\(name).weight", shape, "\(ctranslate2)/weight"),
            TensorPlan("\(name).bias", [shape[0]], "\(ctranslate2)/bias"),
        ]
    }

    /// Square projections on top of each other.
    private static func stack(
        _ name: String, _ stacked: String, _ parts: [String], _ width: Int, _ ctranslate2: String
    ) -> [TensorPlan] {
        let rows = parts.count * width
        var weight = TensorPlan("\(name).\(stacked).weight", [rows, width], "\(ctranslate2)/weight")
        weight.ggml = parts.map { .stored("\(name).\($0).weight", rows: width) }
        var bias = TensorPlan("\(name).\(stacked).bias", [rows], "\(ctranslate2)/bias")
        bias.ggml = parts.map { $0 == "key" ? .zeros(rows: width) : .stored("\(name).\($0).bias", rows: width) }
        return [weight, bias]
    }

    private init(_ name: String, _ shape: [Int], _ ctranslate2: String) {
        self.name = name
        self.shape = shape
        self.ctranslate2 = ctranslate2
        ggml = [.stored(name, rows: shape[0])]
    }
}
