import Foundation
import Testing
import Whisper
internal import WhisperText

/// The models that people use.
@Suite struct FilesRealModelTests {
    private static let models = InstalledModels.present(["base", "tiny.en"])

    @Test(.enabled(if: InstalledModels.has("base"), "needs the base model"))
    func base() throws {
        let file = try ModelFile.open(InstalledModels.path("base"))
        #expect(
            file.dimensions
                == Dimensions(
                    vocabulary: 51_865, audioState: 512, audioHeads: 8, audioLayers: 6, textState: 512, textHeads: 8,
                    textLayers: 6))
        #expect(file.dimensions.isMultilingual)
        #expect(file.format == .ctranslate2(version: 6))
        #expect(
            file.alignmentHeads
                == [[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]].map {
                    AttentionHead(layer: $0[0], head: $0[1])
                })
        #expect(file.vocabulary.tokens.count == 50_257)
        #expect(file.vocabulary.tokens[0] == Array("!".utf8))
        #expect(file.vocabulary.tokens[220] == Array(" ".utf8))
        #expect(file.vocabulary.tokens[50_256] == [])
        #expect(Set(file.vocabulary.tokens).count == 50_257)
        #expect(file.suppressedAtBegin == [220, 50_257])
        #expect(file.languageTokens == Array(50_259...50_357))
    }

    @Test(.enabled(if: InstalledModels.has("tiny.en"), "needs the tiny.en model"))
    func tinyEnglish() throws {
        let file = try ModelFile.open(InstalledModels.path("tiny.en"))
        #expect(
            file.dimensions
                == Dimensions(
                    vocabulary: 51_864, audioState: 384, audioHeads: 6, audioLayers: 4, textState: 384, textHeads: 6,
                    textLayers: 4))
        #expect(!file.dimensions.isMultilingual)
        #expect(file.vocabulary.tokens.count == 50_256)
        #expect(file.suppressedAtBegin == [220, 50_256])
    }

    /// Its files list the heads that OpenAI published, and so does our table.
    @Test(.enabled(if: !models.isEmpty, "needs the base or tiny.en model"), arguments: models)
    func alignmentHeads(name: String) throws {
        let file = try ModelFile.open(InstalledModels.path(name))
        #expect(AttentionHead.aligning(file.dimensions) == file.alignmentHeads)
    }

    /// The encoder's positions are sinusoids that anyone can compute: they show that numbers are read as they were meant.
    @Test(.enabled(if: !models.isEmpty, "needs the base or tiny.en model"), arguments: models)
    func positions(name: String) throws {
        let file = try ModelFile.open(InstalledModels.path(name))
        let width = file.dimensions.audioState
        let positions = try file.weight("encoder.positional_embedding")
        #expect(positions.shape == [1500, width])
        let values = positions.values()
        var error = 0.0
        for position in 0..<1500 {
            for channel in 0..<width / 2 {
                let angle = Double(position) * exp(-log(10_000) * Double(channel) / Double(width / 2 - 1))
                error = max(error, abs(Double(values[position * width + channel]) - sin(angle)))
                error = max(error, abs(Double(values[position * width + width / 2 + channel]) - cos(angle)))
            }
        }
        // Half precision near 1, and OpenAI's 32-bit angles up to 1,500.
        #expect(error < 0.001)
    }

    @Test(.enabled(if: !models.isEmpty, "needs the base or tiny.en model"), arguments: models)
    func `keys have no bias, queries and values do`(name: String) throws {
        let file = try ModelFile.open(InstalledModels.path(name))
        let width = file.dimensions.textState
        for layer in 0..<file.dimensions.textLayers {
            let own = try file.weight("decoder.blocks.\(layer).attn.qkv.bias").values()
            #expect(own[width..<2 * width].allSatisfy { $0 == 0 })
            #expect(own[..<width].contains { $0 != 0 } && own[(2 * width)...].contains { $0 != 0 })
            let cross = try file.weight("decoder.blocks.\(layer).cross_attn.kv.bias").values()
            #expect(cross[..<width].allSatisfy { $0 == 0 } && cross[width...].contains { $0 != 0 })
        }
    }
}

/// Heads of models that cannot be had here, by their dimensions.
@Suite struct FilesAlignmentHeadsTests {
    private static func model(_ width: Int, _ layers: Int, _ vocabulary: Int, encoder: Int? = nil) -> Dimensions {
        Dimensions(
            vocabulary: vocabulary, melBands: vocabulary > 51_865 ? 128 : 80,
            audioState: width, audioHeads: width / 64, audioLayers: encoder ?? layers,
            textState: width, textHeads: width / 64, textLayers: layers)
    }

    /// Dimensions, how many heads, the first layer and head, the last ones.
    private static let publishedHeads: [(Dimensions, Int, [Int], [Int])] = [
        (model(384, 4, 51_865), 6, [2, 2], [3, 5]),
        (model(384, 4, 51_864), 8, [1, 0], [3, 4]),
        (model(512, 6, 51_864), 5, [3, 3], [5, 7]),
        (model(768, 12, 51_865), 10, [5, 3], [10, 5]),
        (model(768, 12, 51_864), 19, [6, 6], [11, 4]),
        (model(1024, 24, 51_865), 6, [13, 15], [23, 4]),
        (model(1024, 24, 51_864), 18, [11, 4], [21, 12]),
        (model(1280, 32, 51_865), 23, [10, 12], [27, 15]),
        (model(1280, 32, 51_866), 10, [7, 0], [25, 6]),
        (model(1280, 4, 51_866, encoder: 32), 6, [2, 4], [3, 14]),
    ]

    @Test(arguments: publishedHeads)
    func published(dimensions: Dimensions, count: Int, first: [Int], last: [Int]) {
        let heads = AttentionHead.aligning(dimensions)
        #expect(heads.count == count)
        #expect(heads.first == AttentionHead(layer: first[0], head: first[1]))
        #expect(heads.last == AttentionHead(layer: last[0], head: last[1]))
        #expect(heads.allSatisfy { $0.layer < dimensions.textLayers && $0.head < dimensions.textHeads })
    }

    @Test func `other models take the upper half of the layers`() {
        let heads = AttentionHead.aligning(Self.model(1280, 2, 51_866, encoder: 32))
        #expect(heads == (0..<20).map { AttentionHead(layer: 1, head: $0) })
    }
}
