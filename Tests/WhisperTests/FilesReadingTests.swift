import CGGML
import Foundation
import Testing
import Whisper
internal import WhisperText

/// What is written in either format and any type comes back.
@Suite struct FilesReadingTests {
    private let model = SyntheticModel.smallest

    /// Weights with all there is to get wrong: stacked parts, convolutions, tables, vectors.
    private static let names = [
        "encoder.conv1.weight", "encoder.conv2.bias", "encoder.positional_embedding", "encoder.ln_post.weight",
        "encoder.blocks.0.attn_ln.bias", "encoder.blocks.0.attn.qkv.weight", "encoder.blocks.0.attn.qkv.bias",
        "encoder.blocks.0.attn.out.weight", "encoder.blocks.0.mlp_ln.weight", "encoder.blocks.0.mlp.0.weight",
        "encoder.blocks.0.mlp.2.bias", "decoder.token_embedding.weight", "decoder.positional_embedding",
        "decoder.ln.bias", "decoder.blocks.0.attn.qkv.weight", "decoder.blocks.0.attn.qkv.bias",
        "decoder.blocks.0.cross_attn_ln.weight", "decoder.blocks.0.cross_attn.query.weight",
        "decoder.blocks.0.cross_attn.query.bias", "decoder.blocks.0.cross_attn.kv.weight",
        "decoder.blocks.0.cross_attn.kv.bias", "decoder.blocks.0.cross_attn.out.bias",
    ]

    /// Compares every weight of `names`; `tolerance` is a share of the largest value.
    private func expectSameValues(_ file: ModelFile, tolerance: Float) throws {
        for name in Self.names {
            let expected = model.expected(name)
            let weight = try file.weight(name)
            let values = weight.values()
            #expect(weight.rows * weight.columns == expected.count, "\(name)")
            try #require(values.count == expected.count, "\(name)")
            let largest = expected.map(abs).max() ?? 0
            let error = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
            #expect(error <= tolerance * largest, "\(name)")
        }
    }

    private static let ctranslate2Types: [(SyntheticModel.CTranslate2Type, String, Float)] = [
        (.float32, "f32", 0), (.float16, "f16", 0x1p-11), (.bfloat16, "bf16", 0x1p-8), (.int8, "i8", 0.00394),
        (.int16, "i16", 0.00049),
    ]

    /// The tolerances are half a step of each type.
    @Test(arguments: ctranslate2Types)
    func ctranslate2(type: SyntheticModel.CTranslate2Type, name: String, tolerance: Float) throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory, type: type)
            let file = try ModelFile.open(directory)
            #expect(file.dimensions == model.dimensions)
            #expect(file.format == .ctranslate2(version: 6))
            #expect(try file.weight("decoder.token_embedding.weight").storedType == name)
            try expectSameValues(file, tolerance: tolerance)
        }
    }

    private static let ggmlTypes: [(ggml_type, Int, Float)] = [
        (GGML_TYPE_F32, 0, 0), (GGML_TYPE_F16, 1, 0x1p-11), (GGML_TYPE_Q8_0, 7, 0.005), (GGML_TYPE_Q5_0, 8, 0.0635),
        (GGML_TYPE_Q5_1, 9, 0.034), (GGML_TYPE_Q4_0, 2, 0.126),
    ]

    /// The tolerances are half a step of each type, or a whole one where its ends are not symmetric.
    @Test(arguments: ggmlTypes)
    func ggml(type: ggml_type, fileType: Int, tolerance: Float) throws {
        try withTemporaryDirectory { directory in
            try model.writeGGML(to: directory + "/ggml-synthetic.bin", type: type)
            // The directory will do, as it holds one model only.
            let file = try ModelFile.open(directory)
            #expect(file.dimensions == model.dimensions)
            #expect(file.format == .ggml(fileType: fileType))
            #expect(
                try file.weight("decoder.token_embedding.weight").storedType == String(cString: ggml_type_name(type)))
            try expectSameValues(file, tolerance: tolerance)
        }
    }

    @Test func `every half is read as it is, down to the subnormal ones and up to infinity`() throws {
        var model = model
        model.dimensions.vocabulary = 1024
        let halves = (0...UInt16.max).map { Float(Float16(bitPattern: $0)) }
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory, type: .float16) { variables in
                for index in variables.indices where variables[index].name == "decoder/embeddings/weight" {
                    variables[index].data = (0...UInt16.max).flatMap {
                        [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]
                    }
                }
            }
            let values = try ModelFile.open(directory).weight("decoder.token_embedding.weight").values()
            #expect(values.count == halves.count)
            #expect(zip(values, halves).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
        }
    }

    @Test func `any range of rows reads as the whole does`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory, type: .int8)
            try model.writeGGML(to: directory + "/ggml.bin", type: GGML_TYPE_Q5_0)
            for path in [directory, directory + "/ggml.bin"] {
                let file = try ModelFile.open(path)
                for name in ["encoder.blocks.0.attn.qkv.weight", "encoder.blocks.0.attn.qkv.bias"] {
                    let weight = try file.weight(name)
                    let all = weight.values()
                    // Within queries, across keys into values, nothing, all.
                    for rows in [3..<5, 60..<140, 63..<64, 100..<100, 0..<192] {
                        let part = [Float](unsafeUninitializedCapacity: rows.count * weight.columns) { buffer, count in
                            weight.read(rows: rows, into: buffer)
                            count = rows.count * weight.columns
                        }
                        #expect(
                            part.elementsEqual(all[rows.lowerBound * weight.columns..<rows.upperBound * weight.columns])
                        )
                    }
                }
            }
        }
    }

    @Test func `weights read the same after their pages are given back`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory)
            let file = try ModelFile.open(directory)
            file.discardPages()
            try expectSameValues(file, tolerance: 0)
            file.discardPages()
            try expectSameValues(file, tolerance: 0)
        }
    }

    @Test func `both spellings of the vocabulary and the one in a ggml file agree`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory, vocabularyAsText: true)
            let text = try ModelFile.open(directory).vocabulary.tokens
            try FileManager.default.removeItem(atPath: directory + "/vocabulary.txt")
            try model.writeCTranslate2(to: directory)
            let json = try ModelFile.open(directory).vocabulary.tokens
            try model.writeGGML(to: directory + "/ggml.bin")
            let ggml = try ModelFile.open(directory + "/ggml.bin").vocabulary.tokens
            let expected = model.vocabulary()
            #expect(expected.contains([0x0A]) && expected.contains([0x20]) && expected.contains([0xFF]))
            #expect(text == expected)
            #expect(json == expected)
            #expect(ggml == expected)
        }
    }

    @Test func `the configuration beside a CTranslate2 model is read, and may be absent`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory)
            let file = try ModelFile.open(directory)
            #expect(file.alignmentHeads == [AttentionHead(layer: 0, head: 0)])
            #expect(file.suppressedTokens == [1, 2])
            #expect(file.suppressedAtBegin == [3])
            #expect(file.languageTokens == [4, 5])
            try FileManager.default.removeItem(atPath: directory + "/config.json")
            let bare = try ModelFile.open(directory)
            #expect(bare.alignmentHeads == AttentionHead.aligning(model.dimensions))
            #expect(bare.suppressedTokens == nil && bare.suppressedAtBegin == nil && bare.languageTokens == nil)
        }
    }

    @Test(arguments: [UInt32(2), 3, 4, 5, 6])
    func `older CTranslate2 versions are read`(version: UInt32) throws {
        try withTemporaryDirectory { directory in
            // Before version 4 a file could not hold halves: two bytes meant int16.
            for type in [SyntheticModel.CTranslate2Type.float32, .int8, .int16] {
                try model.writeCTranslate2(to: directory, type: type, version: version)
                let file = try ModelFile.open(directory + "/model.bin")
                #expect(file.format == .ctranslate2(version: Int(version)))
                try expectSameValues(file, tolerance: 0.004)
            }
        }
    }

    @Test func `a variable that is stored under another name's alias is found with its scale`() throws {
        try withTemporaryDirectory { directory in
            // CTranslate2 keeps one of several equal variables and may keep the embeddings as the output projection.
            try model.writeCTranslate2(
                to: directory, type: .int8, alias: ("decoder/embeddings/weight", "decoder/projection/weight")
            ) { variables in
                for index in variables.indices where variables[index].name.hasPrefix("decoder/embeddings/weight") {
                    variables[index].name = variables[index].name
                        .replacingOccurrences(of: "embeddings", with: "projection")
                }
            }
            try expectSameValues(ModelFile.open(directory), tolerance: 0.00394)
        }
    }

    @Test func `what follows a model's end is ignored`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory)
            try model.writeGGML(to: directory + "/ggml.bin")
            for path in [directory + "/model.bin", directory + "/ggml.bin"] {
                let handle = try #require(FileHandle(forWritingAtPath: path))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(repeating: 0xA5, count: 100))
                try handle.close()
                try expectSameValues(ModelFile.open(path), tolerance: 0)
            }
        }
    }

    @Test func `tensors beyond 4 GiB are found`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml.bin"
            let file = try model.writeGGML(to: path)
            // Two holes of 3 GiB before the first tensor: sparse, so they take no room on the disk.
            var hole = SyntheticFile()
            for number in [2, 4, Int(GGML_TYPE_I8.rawValue), 1 << 20, 3 << 10] { hole.number(Int32(number)) }
            hole.raw(Array("hole".utf8))
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.truncate(atOffset: UInt64(file.tensorsStart))
            for _ in 0..<2 {
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(hole.bytes))
                try handle.truncate(atOffset: handle.offset() + 3 << 30)
            }
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(file.bytes[file.tensorsStart...]))
            try handle.close()
            try expectSameValues(ModelFile.open(path), tolerance: 0)
        }
    }
}
