import CGGML
import Foundation
import Whisper

extension SyntheticModel {
    /// A tensor of a whisper.cpp file, open to every kind of spoiling.
    struct GGMLTensor {
        var name: String
        /// Lengths of the axes, outermost first.
        var shape: [Int]
        var type: Int32
        var data: [UInt8]
    }

    /// Writes a file of whisper.cpp at `path`.
    ///
    /// - Parameters:
    ///   - type: the type of matrices; convolutions are f16 beside anything but f32, and vectors always f32, as whisper.cpp has it.
    ///   - edit: changes the tensors before they are written.
    @discardableResult
    func writeGGML(
        to path: String, type: ggml_type = GGML_TYPE_F32, edit: (inout [GGMLTensor]) -> Void = { _ in }
    ) throws -> SyntheticFile {
        var stored = tensors().map { Self.stored($0, type) }
        edit(&stored)
        var file = SyntheticFile()
        file.number(UInt32(0x6767_6d6c))
        for number in [
            dimensions.vocabulary, dimensions.audioPositions, dimensions.audioState, dimensions.audioHeads,
            dimensions.audioLayers, dimensions.textPositions, dimensions.textState, dimensions.textHeads,
            dimensions.textLayers, dimensions.melBands, Self.fileTypes[type.rawValue] ?? 0,
        ] {
            file.number(Int32(number))
        }
        file.number(Int32(dimensions.melBands))
        file.number(Int32(201))
        file.raw([UInt8](repeating: 0, count: dimensions.melBands * 201 * 4))
        file.number(Int32(ordinaryTokens))
        for token in vocabulary() {
            file.number(UInt32(token.count))
            file.raw(token)
        }
        file.tensorsStart = file.bytes.count
        for tensor in stored {
            file.number(Int32(tensor.shape.count))
            file.number(Int32(tensor.name.utf8.count))
            file.number(tensor.type)
            for length in tensor.shape.reversed() { file.number(Int32(length)) }
            file.raw(Array(tensor.name.utf8))
            file.raw(tensor.data)
        }
        try file.write(to: path)
        return file
    }

    /// `ggml_ftype` of a `ggml_type`.
    private static let fileTypes: [UInt32: Int] = [
        GGML_TYPE_F32.rawValue: 0, GGML_TYPE_F16.rawValue: 1, GGML_TYPE_Q4_0.rawValue: 2, GGML_TYPE_Q8_0.rawValue: 7,
        GGML_TYPE_Q5_0.rawValue: 8, GGML_TYPE_Q5_1.rawValue: 9,
    ]

    private static func stored(_ tensor: Tensor, _ type: ggml_type) -> GGMLTensor {
        let isConvolution = tensor.shape.count == 3
        let isMatrix = tensor.shape.count == 2 && !tensor.name.hasSuffix("positional_embedding")
        var chosen = isMatrix || isConvolution ? type : GGML_TYPE_F32
        if isConvolution && type != GGML_TYPE_F32 { chosen = GGML_TYPE_F16 }
        let isColumn = tensor.name.contains("conv") && tensor.name.hasSuffix("bias")
        return GGMLTensor(
            name: tensor.name, shape: tensor.shape + (isColumn ? [1] : []), type: Int32(chosen.rawValue),
            data: encode(tensor.values, as: chosen, columns: tensor.columns))
    }
}
