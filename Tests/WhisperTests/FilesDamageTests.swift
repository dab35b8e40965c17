import CGGML
import Foundation
import Testing
import Whisper
import WhisperText

/// Every way in which a model file can be wrong ends in one line that names the file.
@Suite struct FilesDamageTests {
    private let model = SyntheticModel.smallest

    /// Opens `path`, expects it to fail, and returns the error.
    @discardableResult
    private func failure(_ path: String, naming file: String? = nil) throws -> WhisperError {
        let error = try #require(throws: WhisperError.self) { try ModelFile.open(path) }
        #expect(error.message.contains(file ?? path))
        #expect(!error.message.contains { $0.isNewline })
        return error
    }

    // MARK: Cut short

    /// Cuts the file at ever smaller lengths; each must be refused.
    private func expectFailureWhenCut(_ path: String, _ file: SyntheticFile, open: String) throws {
        var random = SeededGenerator(seed: 7)
        var lengths = Set(file.boundaries.dropLast())
        for _ in 0..<150 { lengths.insert(Int.random(in: 0..<file.bytes.count, using: &random)) }
        lengths.insert(0)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        for length in lengths.sorted(by: >) {
            try handle.truncate(atOffset: UInt64(length))
            let error = try failure(open, naming: path)
            #expect(error.code == .badModel, "cut at \(length): \(error)")
            #expect(error.message.contains("pull the model again"), "cut at \(length): \(error)")
        }
        try handle.close()
    }

    @Test(arguments: [SyntheticModel.CTranslate2Type.float32, .int8])
    func `a CTranslate2 model cut anywhere is refused`(type: SyntheticModel.CTranslate2Type) throws {
        try withTemporaryDirectory { directory in
            let file = try model.writeCTranslate2(to: directory, type: type)
            try expectFailureWhenCut(directory + "/model.bin", file, open: directory)
        }
    }

    @Test(arguments: [GGML_TYPE_F32, GGML_TYPE_Q5_1])
    func `a ggml model cut anywhere is refused`(type: ggml_type) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml-cut.bin"
            let file = try model.writeGGML(to: path, type: type)
            try expectFailureWhenCut(path, file, open: path)
        }
    }

    @Test func `the error says how many bytes are missing`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml.bin"
            let file = try model.writeGGML(to: path)
            try FileHandle(forWritingAtPath: path)?.truncate(atOffset: UInt64(file.bytes.count - 100))
            #expect(try failure(path).message.contains("at least 100 bytes are missing"))
        }
    }

    // MARK: Flipped bytes

    /// Changes random bytes, most of them in headers. The file may still open; then it must read without trouble.
    private func expectNoCrashWhenSpoilt(_ path: String, _ file: SyntheticFile, open: String) throws {
        var random = SeededGenerator(seed: 11)
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        var refused = 0
        for _ in 0..<600 {
            let boundary = file.boundaries.randomElement(using: &random) ?? 0
            let offset = min(boundary + Int.random(in: 0..<6, using: &random), file.bytes.count - 1)
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: Data([UInt8.random(in: 0...255, using: &random)]))
            do {
                let opened = try ModelFile.open(open)
                for layer in 0..<opened.dimensions.audioLayers {
                    let values = try opened.weight("encoder.blocks.\(layer).attn.qkv.weight").values()
                    #expect(values.count == 3 * opened.dimensions.audioState * opened.dimensions.audioState)
                }
            } catch {
                refused += 1
                #expect(!error.message.contains { $0.isNewline })
            }
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: Data([file.bytes[offset]]))
        }
        #expect(refused > 100)
        _ = try ModelFile.open(open)
    }

    @Test func `a spoilt CTranslate2 model never crashes`() throws {
        try withTemporaryDirectory { directory in
            let file = try model.writeCTranslate2(to: directory, type: .int8)
            try expectNoCrashWhenSpoilt(directory + "/model.bin", file, open: directory)
        }
    }

    @Test func `a spoilt ggml model never crashes`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml.bin"
            let file = try model.writeGGML(to: path, type: GGML_TYPE_Q8_0)
            try expectNoCrashWhenSpoilt(path, file, open: path)
        }
    }

    // MARK: Parts that disagree

    @Test(arguments: [
        "encoder/conv1/weight", "decoder/layer_0/attention/linear_1/bias", "decoder/embeddings/weight",
        "encoder/layer_0/ffn/linear_0/weight_scale",
    ])
    func `a missing CTranslate2 tensor is named`(name: String) throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory, type: .int8) { $0.removeAll { $0.name == name } }
            let error = try failure(directory)
            #expect(error.message.contains(name.replacingOccurrences(of: "_scale", with: "")))
        }
    }

    @Test(arguments: ["encoder.conv1.weight", "decoder.blocks.0.cross_attn.value.bias"])
    func `a missing ggml tensor is named`(name: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml.bin"
            try model.writeGGML(to: path) { $0.removeAll { $0.name == name } }
            let error = try failure(path)
            #expect(error.code == .badModel)
            #expect(error.message.contains(name))
        }
    }

    @Test func `shapes that disagree are named`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml.bin"
            try model.writeGGML(to: path) { tensors in
                for index in tensors.indices where tensors[index].name == "encoder.blocks.0.mlp.0.weight" {
                    tensors[index].shape.reverse()
                }
            }
            #expect(try failure(path).message.contains("encoder.blocks.0.mlp.0.weight has shape [64, 256]"))
            try model.writeCTranslate2(to: directory) { variables in
                for index in variables.indices where variables[index].name == "encoder/layer_0/ffn/linear_0/weight" {
                    variables[index].shape.reverse()
                }
            }
            #expect(try failure(directory).message.contains("encoder/layer_0/ffn/linear_0/weight has shape [64, 256]"))
        }
    }

    @Test func `sizes that do not fit the shape are refused`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory) { $0[5].data.removeLast(4) }
            #expect(try failure(directory).code == .badModel)
            // Lengths whose product overflows.
            try model.writeCTranslate2(to: directory) { $0[5].shape = [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF] }
            #expect(try failure(directory).code == .badModel)
        }
    }

    @Test func `unknown types are named`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory) { $0[3].type = 9 }
            var error = try failure(directory)
            #expect(error.code == .unsupportedModel)
            #expect(error.message.contains("unknown type 9"))
            let path = directory + "/ggml.bin"
            // Out of range, withdrawn from ggml, and known to ggml but no type for weights.
            for (type, text) in [
                (Int32(77), "unknown type 77"), (-1, "unknown type -1"), (4, "unknown type 4"), (26, "i32"),
            ] {
                try model.writeGGML(to: path) { tensors in
                    for index in tensors.indices where tensors[index].name == "decoder.ln.bias" {
                        tensors[index].type = type
                    }
                }
                error = try failure(path)
                #expect(error.code == .unsupportedModel)
                #expect(error.message.contains("decoder.ln.bias") && error.message.contains(text))
            }
        }
    }

    @Test func `dimensions that no Whisper model has are refused`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/ggml.bin"
            let changes: [(Int, Int32, WhisperError.Code)] = [
                (4, -5, .badModel), (12, 100, .unsupportedModel), (20, 1 << 30, .badModel), (32, 0, .badModel),
                (40, 40, .unsupportedModel),
            ]
            for (offset, value, code) in changes {
                let file = try model.writeGGML(to: path)
                var bytes = file.bytes
                bytes.replaceSubrange(offset..<offset + 4, with: withUnsafeBytes(of: value.littleEndian) { Array($0) })
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                #expect(try failure(path).code == code, "at \(offset)")
            }
        }
    }

    @Test func `a vocabulary of another size is refused`() throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory)
            var other = model
            other.dimensions.vocabulary += 1
            try other.writeCTranslate2(to: (directory + "/other").makingDirectory())
            let (source, target) = (directory + "/other/vocabulary.json", directory + "/vocabulary.json")
            try FileManager.default.removeItem(atPath: target)
            try FileManager.default.moveItem(atPath: source, toPath: target)
            #expect(try failure(directory).message.contains("lists 601 tokens and the model has 600"))
            try FileManager.default.removeItem(atPath: target)
            #expect(try failure(directory).code == .modelNotFound)
        }
    }

    @Test(arguments: [
        "{", "[1]", #"{"alignment_heads": [[7, 0]]}"#, #"{"alignment_heads": [[0]]}"#, #"{"suppress_ids": [600]}"#,
        #"{"lang_ids": "ko"}"#,
    ])
    func `a configuration that does not belong to the model is refused`(json: String) throws {
        try withTemporaryDirectory { directory in
            try model.writeCTranslate2(to: directory)
            try json.write(toFile: directory + "/config.json", atomically: false, encoding: .utf8)
            #expect(try failure(directory, naming: directory + "/config.json").code == .badModel)
        }
    }

    // MARK: Not a model at all

    private static let foreign: [(String, WhisperError.Code, String)] = [
        ("GGUF....", .unsupportedModel, "GGUF"), ("version https://git-lfs", .badModel, "Git LFS"),
        ("<!DOCTYPE html>", .badModel, "neither"), ("", .badModel, "cut short"),
        ("\u{7}\0\0\0", .unsupportedModel, "version is 7"),
    ]

    @Test(arguments: foreign)
    func `foreign files are told apart`(content: String, code: WhisperError.Code, text: String) throws {
        try withTemporaryDirectory { directory in
            try content.write(toFile: directory + "/model.bin", atomically: false, encoding: .utf8)
            let error = try failure(directory)
            #expect(error.code == code)
            #expect(error.message.contains(text))
        }
    }

    @Test func `another CTranslate2 model is refused`() throws {
        try withTemporaryDirectory { directory in
            var bytes = try model.writeCTranslate2(to: directory).bytes
            bytes[6] = UInt8(ascii: "X")
            try Data(bytes).write(to: URL(fileURLWithPath: directory + "/model.bin"))
            let error = try failure(directory)
            #expect(error.code == .unsupportedModel)
            #expect(error.message.contains("XhisperSpec"))
        }
    }

    @Test func `nothing there, nothing in it, or too much in it`() throws {
        try withTemporaryDirectory { directory in
            #expect(try failure(directory + "/nowhere").code == .modelNotFound)
            #expect(try failure(directory).code == .modelNotFound)
            try model.writeGGML(to: directory + "/ggml-a.bin")
            try model.writeGGML(to: directory + "/ggml-b.bin")
            let error = try failure(directory)
            #expect(error.code == .modelNotFound)
            #expect(error.message.contains("ggml-a.bin, ggml-b.bin"))
        }
    }

    @Test func `a message stays one line whatever a file is called`() {
        let error = WhisperError(.badInput, "a\nb\u{1B}[31mc\r\nd\te")
        #expect(error.message == "a\u{FFFD}b\u{FFFD}[31mc\u{FFFD}\u{FFFD}d\u{FFFD}e")
        #expect("\(error)" == error.message)
    }
}

extension String {
    /// Creates a directory of this path and returns the path.
    fileprivate func makingDirectory() throws -> String {
        try FileManager.default.createDirectory(atPath: self, withIntermediateDirectories: true)
        return self
    }
}
