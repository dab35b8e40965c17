import CGGML
import Foundation
import SeededRandom
import Whisper

/// A complete Whisper model of any dimensions with small random weights, for tests.
///
/// Both file formats hold the same numbers (see `SyntheticModel+CTranslate2` and `SyntheticModel+GGML`), so a network may be
/// compared across formats and types.
struct SyntheticModel: Sendable {
    var dimensions: Dimensions
    var seed: UInt64 = 1

    /// One head and one layer: the smallest model that has every kind of weight.
    static let smallest = SyntheticModel(
        dimensions: Dimensions(
            vocabulary: 600, audioPositions: 24, audioState: 64, audioHeads: 1, audioLayers: 1,
            textPositions: 16, textState: 64, textHeads: 1, textLayers: 1))

    /// A tensor under OpenAI's name.
    struct Tensor {
        var name: String
        var shape: [Int]
        var values: [Float]

        var rows: Int { shape.first ?? 1 }
        var columns: Int { values.count / rows }
    }

    /// All tensors as OpenAI's checkpoints have them.
    func tensors() -> [Tensor] {
        let (width, text) = (dimensions.audioState, dimensions.textState)
        var shapes: [(String, [Int])] = [
            ("encoder.conv1.weight", [width, dimensions.melBands, 3]), ("encoder.conv1.bias", [width]),
            ("encoder.conv2.weight", [width, width, 3]), ("encoder.conv2.bias", [width]),
            ("encoder.positional_embedding", [dimensions.audioPositions, width]),
            ("encoder.ln_post.weight", [width]), ("encoder.ln_post.bias", [width]),
            ("decoder.token_embedding.weight", [dimensions.vocabulary, text]),
            ("decoder.positional_embedding", [dimensions.textPositions, text]),
            ("decoder.ln.weight", [text]), ("decoder.ln.bias", [text]),
        ]
        for layer in 0..<dimensions.audioLayers {
            shapes += Self.block("encoder.blocks.\(layer)", width: width, attentions: ["attn"])
        }
        for layer in 0..<dimensions.textLayers {
            shapes += Self.block("decoder.blocks.\(layer)", width: text, attentions: ["attn", "cross_attn"])
        }
        return shapes.map { tensor($0, shape: $1) }
    }

    private static func block(_ name: String, width: Int, attentions: [String]) -> [(String, [Int])] {
        var shapes: [(String, [Int])] = [
            ("\(name).mlp_ln.weight", [width]), ("\(name).mlp_ln.bias", [width]),
            ("\(name).mlp.0.weight", [4 * width, width]), ("\(name).mlp.0.bias", [4 * width]),
            ("\(name).mlp.2.weight", [width, 4 * width]), ("\(name).mlp.2.bias", [width]),
        ]
        for attention in attentions {
            shapes += [("\(name).\(attention)_ln.weight", [width]), ("\(name).\(attention)_ln.bias", [width])]
            for part in ["query", "key", "value", "out"] {
                shapes.append(("\(name).\(attention).\(part).weight", [width, width]))
                if part != "key" { shapes.append(("\(name).\(attention).\(part).bias", [width])) }
            }
        }
        return shapes
    }

    private func tensor(_ name: String, shape: [Int]) -> Tensor {
        let count = shape.reduce(1, *)
        let columns = count / shape[0]
        let isNorm = name.contains("ln") && name.hasSuffix("weight")
        // Keeps the variance of what passes through a layer.
        let spread: Float = shape.count == 1 ? 0.1 : (3 / Float(columns)).squareRoot()
        var random = SeededGenerator(seed: seed, name: name)
        return Tensor(
            name: name, shape: shape,
            values: (0..<count).map { _ in Float.random(in: -spread...spread, using: &random) + (isNorm ? 1 : 0) })
    }

    /// The values that a reader must return for the weight `name`, with queries, keys and values stacked.
    func expected(_ name: String) -> [Float] {
        let stacked = [".qkv.": ["query", "key", "value"], ".kv.": ["key", "value"]]
        let all = Dictionary(uniqueKeysWithValues: tensors().map { ($0.name, $0.values) })
        for (marker, parts) in stacked where name.contains(marker) {
            return parts.flatMap {
                all[name.replacingOccurrences(of: marker, with: ".\($0).")]
                    ?? [Float](repeating: 0, count: dimensions.textState)
            }
        }
        return all[name] ?? []
    }

    /// How many tokens are not special: as in the real vocabularies, all but the last 1,608 where there is room.
    var ordinaryTokens: Int {
        dimensions.vocabulary > 1864 ? dimensions.vocabulary - 1608 : dimensions.vocabulary / 2
    }

    /// The ordinary tokens' bytes: all single bytes in GPT-2's order, then strings of letters, each made of two earlier tokens.
    func vocabulary() -> [[UInt8]] {
        let visible: [UInt8] = Array(33...126) + Array(161...172) + Array(174...255)
        var tokens = (visible + (0...255).filter { !visible.contains($0) }).map { [$0] }
        let letters = Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
        var stems = letters.map { [$0] }
        while tokens.count < ordinaryTokens {
            stems = stems.flatMap { stem in letters.map { stem + [$0] } }
            tokens += stems
        }
        return Array(tokens.prefix(ordinaryTokens))
    }
}

/// Numbers that begin with a seed and a name, so that each tensor has its own.
struct SeededGenerator: RandomNumberGenerator {
    private var numbers: SplitMix64

    init(seed: UInt64, name: String = "") {
        // FNV-1a.
        numbers = SplitMix64(
            state: name.utf8.reduce(seed ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }

    mutating func next() -> UInt64 { numbers.next() }
}

/// Bytes of a file that is being written, and the places between its fields.
struct SyntheticFile {
    private(set) var bytes: [UInt8] = []
    /// Offsets at which a field ended, ascending.
    private(set) var boundaries: [Int] = []
    /// Where a whisper.cpp file's first tensor begins.
    var tensorsStart = 0

    mutating func number(_ value: some FixedWidthInteger) {
        raw(withUnsafeBytes(of: value.littleEndian) { Array($0) })
    }

    mutating func raw(_ more: [UInt8]) {
        bytes += more
        boundaries.append(bytes.count)
    }

    func write(to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}

/// Values in one of ggml's types, `columns` to a row.
func encode(_ values: [Float], as type: ggml_type, columns: Int) -> [UInt8] {
    let count = values.count
    return [UInt8](unsafeUninitializedCapacity: count * 4) { output, size in
        size = ggml_quantize_chunk(type, values, output.baseAddress, 0, Int64(count / columns), Int64(columns), nil)
    }
}
