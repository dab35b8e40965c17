import CGGML
import Foundation
import Whisper

extension SyntheticModel {
    /// How CTranslate2 stores its weights.
    enum CTranslate2Type: UInt8, CaseIterable {
        case float32 = 0
        case int8 = 1
        case int16 = 2
        case float16 = 4
        case bfloat16 = 5
    }

    /// A variable of a CTranslate2 file, open to every kind of spoiling.
    struct Variable {
        var name: String
        var shape: [Int]
        var type: UInt8
        var data: [UInt8]
    }

    /// Writes `model.bin`, `config.json` and a vocabulary into `directory`, which must exist.
    ///
    /// - Parameters:
    ///   - alias: another name, and the variable that it stands for.
    ///   - edit: changes the variables before they are written.
    @discardableResult
    func writeCTranslate2(
        to directory: String, type: CTranslate2Type = .float32, version: UInt32 = 6, vocabularyAsText: Bool = false,
        alias: (String, String) = ("decoder/projection/weight", "decoder/embeddings/weight"),
        edit: (inout [Variable]) -> Void = { _ in }
    ) throws -> SyntheticFile {
        var variables = variables(type)
        edit(&variables)
        let file = Self.ctranslate2(variables, alias: alias, version: version)
        try file.write(to: directory + "/model.bin")
        try writeVocabulary(to: directory, asText: vocabularyAsText)
        let last = dimensions.textLayers - 1
        let configuration: [String: Any] = [
            "alignment_heads": [[last, 0]], "suppress_ids": [1, 2], "suppress_ids_begin": [3], "lang_ids": [4, 5],
        ]
        try JSONSerialization.data(withJSONObject: configuration)
            .write(to: URL(fileURLWithPath: directory + "/config.json"))
        return file
    }

    private func writeVocabulary(to directory: String, asText: Bool) throws {
        let visible: [UInt8] = Array(33...126) + Array(161...172) + Array(174...255)
        var letters: [UInt8: Character] = [:]
        for byte in UInt8.min...255 where visible.contains(byte) { letters[byte] = Character(UnicodeScalar(byte)) }
        for byte in UInt8.min...255 where letters[byte] == nil {
            letters[byte] = UnicodeScalar(256 + letters.count - visible.count).map { Character($0) }
        }
        var tokens = vocabulary().map { String($0.compactMap { letters[$0] }) }
        tokens += ["<|endoftext|>", "<|startoftranscript|>"]
        while tokens.count < dimensions.vocabulary { tokens.append("<|\(tokens.count)|>") }
        if asText {
            try tokens.map { $0 + "\n" }.joined()
                .write(toFile: directory + "/vocabulary.txt", atomically: false, encoding: .utf8)
        } else {
            try JSONEncoder().encode(tokens).write(to: URL(fileURLWithPath: directory + "/vocabulary.json"))
        }
    }

    /// The variables in CTranslate2's names, sorted.
    private func variables(_ type: CTranslate2Type) -> [Variable] {
        var stacks: [String: [Tensor]] = [:]
        for tensor in tensors() { stacks[Self.variableName(tensor.name), default: []].append(tensor) }
        var variables: [Variable] = []
        for (name, parts) in stacks {
            var values = parts.flatMap(\.values)
            var shape = parts[0].shape
            shape[0] = parts.reduce(0) { $0 + $1.rows }
            if name.hasSuffix("attention/linear_0/bias") && parts.count == 2 {
                // Keys have no bias; CTranslate2 writes zeros between those of queries and values.
                values.insert(contentsOf: [Float](repeating: 0, count: parts[0].rows), at: parts[0].rows)
                shape[0] += parts[0].rows
            } else if name.hasSuffix("/attention/linear_1/bias") {
                values.insert(contentsOf: [Float](repeating: 0, count: parts[0].rows), at: 0)
                shape[0] += parts[0].rows
            }
            variables += Self.stored(name, shape, values, type)
        }
        for (part, heads) in [("encoder", dimensions.audioHeads), ("decoder", dimensions.textHeads)] {
            variables.append(Variable(name: "\(part)/num_heads", shape: [], type: 2, data: [UInt8(heads), 0]))
        }
        variables.append(Variable(name: "decoder/scale_embeddings", shape: [], type: 1, data: [0]))
        return variables.sorted { $0.name < $1.name }
    }

    private static func stored(
        _ name: String, _ shape: [Int], _ values: [Float], _ type: CTranslate2Type
    ) -> [Variable] {
        let rows = shape[0]
        let columns = values.count / rows
        let isMatrix = name.hasSuffix("weight")
        func variable(_ type: CTranslate2Type, _ data: [UInt8]) -> Variable {
            Variable(name: name, shape: shape, type: type.rawValue, data: data)
        }
        func scales(_ scales: [Float], _ shape: [Int]) -> Variable {
            Variable(name: name + "_scale", shape: shape, type: 0, data: encode(scales, as: GGML_TYPE_F32, columns: 1))
        }
        switch type {
        case .float16: return [variable(type, encode(values, as: GGML_TYPE_F16, columns: columns))]
        case .bfloat16: return [variable(type, encode(values, as: GGML_TYPE_BF16, columns: columns))]
        case .int8 where isMatrix:
            let factors = (0..<rows).map { row in
                127 / (values[row * columns..<(row + 1) * columns].map(abs).max() ?? 1)
            }
            let data = values.enumerated().map { UInt8(bitPattern: Int8(($1 * factors[$0 / columns]).rounded())) }
            return [variable(type, data), scales(factors, [rows])]
        case .int16 where isMatrix:
            let factor = 1024 / (values.map(abs).max() ?? 1)
            let data = values.flatMap { value in
                let stored = UInt16(bitPattern: Int16((value * factor).rounded()))
                return [UInt8(truncatingIfNeeded: stored), UInt8(stored >> 8)]
            }
            return [variable(type, data), scales([factor], [])]
        default: return [variable(.float32, encode(values, as: GGML_TYPE_F32, columns: columns))]
        }
    }

    private static func ctranslate2(_ variables: [Variable], alias: (String, String), version: UInt32) -> SyntheticFile
    {
        var file = SyntheticFile()
        func name(_ text: String) {
            file.number(UInt16(text.utf8.count + 1))
            file.raw(Array(text.utf8) + [0])
        }
        file.number(version)
        name("WhisperSpec")
        file.number(UInt32(3))
        file.number(UInt32(variables.count))
        for variable in variables {
            name(variable.name)
            file.number(UInt8(variable.shape.count))
            for length in variable.shape { file.number(UInt32(length)) }
            if version >= 4 {
                file.number(variable.type)
                file.number(UInt32(variable.data.count))
            } else {
                let width: [UInt8: Int] = [0: 4, 1: 1, 2: 2]
                file.number(UInt8(width[variable.type] ?? 0))
                file.number(UInt32(variable.data.count / (width[variable.type] ?? 1)))
            }
            file.raw(variable.data)
        }
        guard version >= 3 else { return file }
        file.number(UInt32(1))
        name(alias.0)
        name(alias.1)
        return file
    }

    /// CTranslate2's name for OpenAI's.
    private static func variableName(_ name: String) -> String {
        var name = name
        for (openAI, ctranslate2) in [
            (".blocks.", ".layer_"), (".positional_embedding", ".position_encodings.encodings"),
            (".token_embedding.", ".embeddings."), (".ln_post.", ".layer_norm."), (".ln.", ".layer_norm."),
            (".cross_attn_ln.", ".attention.layer_norm."), (".attn_ln.", ".self_attention.layer_norm."),
            (".mlp_ln.", ".ffn.layer_norm."), (".mlp.0.", ".ffn.linear_0."), (".mlp.2.", ".ffn.linear_1."),
            (".cross_attn.query.", ".attention.linear_0."), (".cross_attn.key.", ".attention.linear_1."),
            (".cross_attn.value.", ".attention.linear_1."), (".cross_attn.out.", ".attention.linear_2."),
            (".attn.query.", ".self_attention.linear_0."), (".attn.key.", ".self_attention.linear_0."),
            (".attn.value.", ".self_attention.linear_0."), (".attn.out.", ".self_attention.linear_1."),
        ] {
            name = name.replacingOccurrences(of: openAI, with: ctranslate2)
        }
        if name.contains("layer_norm") {
            name = name.replacingOccurrences(of: ".weight", with: ".gamma")
                .replacingOccurrences(of: ".bias", with: ".beta")
        }
        return name.replacingOccurrences(of: ".", with: "/")
    }
}
