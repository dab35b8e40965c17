import CGGML
import WhisperText

/// Reads the `model.bin` that CTranslate2 writes and faster-whisper uses, binary versions 2 to 6.
///
/// The layout is that of `Model::load` in CTranslate2's `src/models/model.cc`: a version, the name and revision of the
/// model's specification, the variables, then aliases (other names for the same variable).
struct CTranslate2File {
    /// What the file says before its first variable.
    let version: Int
    private(set) var tensors: [String: StoredTensor] = [:]
    private let file: MappedFile

    init(_ file: MappedFile) throws(WhisperError) {
        self.file = file
        var reader = ByteReader(file)
        version = Int(try reader.next(UInt32.self, of: "the header"))
        guard (2...6).contains(version) else {
            throw .unsupported(
                file.path, "its CTranslate2 binary version is \(version)", supported: "binary version 2 to 6")
        }
        let specification = try reader.name(of: "the header")
        let revision = try reader.next(UInt32.self, of: "the header")
        guard specification == "WhisperSpec", revision <= 3 else {
            throw .unsupported(
                file.path, "it holds a \(specification) of revision \(revision)",
                supported: "a WhisperSpec of revision 3 or less")
        }
        for _ in 0..<(try reader.next(UInt32.self, of: "the header")) { try readVariable(&reader) }
        if version >= 3 { try readAliases(&reader) }
        try attachScales()
    }

    private mutating func readVariable(_ reader: inout ByteReader) throws(WhisperError) {
        let name = try reader.name(of: "the list of variables")
        var shape: [Int] = []
        for _ in 0..<(try reader.next(UInt8.self, of: name)) {
            shape.append(Int(try reader.next(UInt32.self, of: name)))
        }
        let code = try reader.next(UInt8.self, of: name)
        var bytes = Int(try reader.next(UInt32.self, of: name))
        let type: ggml_type
        if version >= 4 {
            let types = [GGML_TYPE_F32, GGML_TYPE_I8, GGML_TYPE_I16, GGML_TYPE_I32, GGML_TYPE_F16, GGML_TYPE_BF16]
            guard Int(code) < types.count else {
                throw .unsupported(
                    file.path, "tensor \(name) has the unknown type \(code)",
                    supported: "float32, float16, bfloat16, int8 or int16 weights")
            }
            type = types[Int(code)]
        } else {
            // Older files say only how wide an element is.
            let types: [UInt8: ggml_type] = [4: GGML_TYPE_F32, 2: GGML_TYPE_I16, 1: GGML_TYPE_I8]
            guard let known = types[code] else {
                throw .unsupported(
                    file.path, "tensor \(name) has elements of \(code) bytes",
                    supported: "float32, int8 or int16 weights")
            }
            type = known
            bytes *= Int(code)
        }
        let tensor = try StoredTensor(name, in: file, at: reader.offset, shape: shape, type: type)
        guard tensor.byteCount == bytes else {
            throw .damaged(
                file.path,
                "tensor \(name) of shape \(shape) and type \(tensor.typeName) takes \(tensor.byteCount) "
                    + "bytes, not \(bytes)")
        }
        try reader.skip(bytes, of: name)
        tensors[name] = tensor
    }

    private mutating func readAliases(_ reader: inout ByteReader) throws(WhisperError) {
        for _ in 0..<(try reader.next(UInt32.self, of: "the list of aliases")) {
            let alias = try reader.name(of: "the list of aliases")
            let name = try reader.name(of: "the list of aliases")
            for suffix in ["", "_scale"] where tensors[alias + suffix] == nil {
                tensors[alias + suffix] = tensors[name + suffix]
            }
        }
    }

    /// Joins `weight` with its `weight_scale`: one number a row, or one for all.
    private mutating func attachScales() throws(WhisperError) {
        for (name, tensor) in tensors where tensor.type == GGML_TYPE_I8 || tensor.type == GGML_TYPE_I16 {
            guard let scale = tensors[name + "_scale"] else { continue }
            guard scale.type == GGML_TYPE_F32, scale.count == 1 || scale.count == tensor.rows else {
                throw .damaged(
                    file.path,
                    "tensor \(name) of shape \(tensor.shape) has scales of shape \(scale.shape) and type "
                        + scale.typeName)
            }
            tensors[name]?.scale = StoredTensor.Scale(offset: scale.offset, isPerRow: scale.count > 1)
        }
    }
}

extension CTranslate2File {
    /// The dimensions, which follow from the shapes.
    func dimensions() throws(WhisperError) -> Dimensions {
        let convolution = try shape("encoder/conv1/weight", rank: 3)
        let embedding = try shape("decoder/embeddings/weight", rank: 2)
        let dimensions = Dimensions(
            vocabulary: embedding[0],
            melBands: convolution[1],
            audioPositions: try shape("encoder/position_encodings/encodings", rank: 2)[0],
            audioState: convolution[0],
            audioHeads: try number("encoder/num_heads") ?? convolution[0] / 64,
            audioLayers: layers(of: "encoder"),
            textPositions: try shape("decoder/position_encodings/encodings", rank: 2)[0],
            textState: embedding[1],
            textHeads: try number("decoder/num_heads") ?? embedding[1] / 64,
            textLayers: layers(of: "decoder"))
        try dimensions.validate(path: file.path)
        guard try number("decoder/scale_embeddings") ?? 0 == 0 else {
            throw .unsupported(file.path, "its embeddings are scaled", supported: "plain embeddings, as Whisper's are")
        }
        return dimensions
    }

    private func layers(of part: String) -> Int {
        var count = 0
        while tensors["\(part)/layer_\(count)/self_attention/linear_0/weight"] != nil { count += 1 }
        return count
    }

    private func shape(_ name: String, rank: Int) throws(WhisperError) -> [Int] {
        guard let shape = tensors[name]?.shape else { throw .damaged(file.path, "tensor \(name) is missing") }
        guard shape.count == rank else { throw .damaged(file.path, "tensor \(name) has shape \(shape)") }
        return shape
    }

    /// A scalar attribute; `nil` when the file, written by an older converter, lacks it.
    private func number(_ name: String) throws(WhisperError) -> Int? {
        guard let tensor = tensors[name] else { return nil }
        switch (tensor.count, tensor.type) {
        case (1, GGML_TYPE_I8): return Int(try file.integer(at: tensor.offset, of: name) as Int8)
        case (1, GGML_TYPE_I16): return Int(try file.integer(at: tensor.offset, of: name) as Int16)
        case (1, GGML_TYPE_I32): return Int(try file.integer(at: tensor.offset, of: name) as Int32)
        default: throw .damaged(file.path, "\(name) is not one whole number")
        }
    }
}

extension ByteReader {
    /// A name: its length with the closing zero byte, its bytes, the zero byte.
    fileprivate mutating func name(of part: String) throws(WhisperError) -> String {
        let length = Int(try next(UInt16.self, of: part))
        guard length > 1 else { throw .damaged(file.path, "\(part) holds an empty name") }
        let name = try text(length - 1, of: part)
        try skip(1, of: part)
        return name
    }
}
