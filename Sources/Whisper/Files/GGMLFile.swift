import CGGML
import WhisperText

/// Reads whisper.cpp's `ggml-*.bin`: a header of numbers, mel filters, the vocabulary, then tensors until the file ends.
struct GGMLFile {
    static let magic: UInt32 = 0x6767_6d6c

    let dimensions: Dimensions
    /// ggml's number for the type of most weights.
    let fileType: Int
    /// The bytes of every token that is not special.
    let vocabulary: [[UInt8]]
    private(set) var tensors: [String: StoredTensor] = [:]

    init(_ file: MappedFile) throws(WhisperError) {
        var reader = ByteReader(file)
        guard try reader.next(UInt32.self, of: "the header") == Self.magic else {
            throw .damaged(file.path, "it does not begin as a whisper.cpp model")
        }
        var header: [Int] = []
        for _ in 0..<11 { header.append(Int(try reader.next(Int32.self, of: "the header"))) }
        dimensions = Dimensions(
            vocabulary: header[0], melBands: header[9],
            audioPositions: header[1], audioState: header[2], audioHeads: header[3], audioLayers: header[4],
            textPositions: header[5], textState: header[6], textHeads: header[7], textLayers: header[8])
        try dimensions.validate(path: file.path)
        // Above the thousands stands a version of quantisation, which no longer means anything.
        fileType = header[10] % 1000
        try Self.skipFilters(&reader, bands: dimensions.melBands)
        vocabulary = try Self.readVocabulary(&reader, limit: dimensions.vocabulary)
        try readTensors(&reader)
    }

    /// The file brings its own mel filters, which equal the ones that are computed.
    private static func skipFilters(_ reader: inout ByteReader, bands: Int) throws(WhisperError) {
        let rows = Int(try reader.next(Int32.self, of: "the mel filters"))
        let columns = Int(try reader.next(Int32.self, of: "the mel filters"))
        guard rows == bands, columns == 201 else {
            throw .damaged(reader.file.path, "its mel filters have shape [\(rows), \(columns)], not [\(bands), 201]")
        }
        try reader.skip(rows * columns * MemoryLayout<Float>.size, of: "the mel filters")
    }

    private static func readVocabulary(_ reader: inout ByteReader, limit: Int) throws(WhisperError) -> [[UInt8]] {
        let count = Int(try reader.next(Int32.self, of: "the vocabulary"))
        guard (1...limit).contains(count) else {
            throw .damaged(reader.file.path, "it lists \(count) tokens for a vocabulary of \(limit)")
        }
        var tokens: [[UInt8]] = []
        for _ in 0..<count {
            tokens.append(
                try reader.bytes(Int(try reader.next(UInt32.self, of: "the vocabulary")), of: "the vocabulary"))
        }
        // Converters disagree on whether the first special token is listed.
        return Array(tokens.prefix { $0 != Vocabulary.endOfText })
    }

    private mutating func readTensors(_ reader: inout ByteReader) throws(WhisperError) {
        var missing = Set<String>()
        for plan in TensorPlan.all(dimensions) {
            for case .stored(let name, _) in plan.ggml { missing.insert(name) }
        }
        // What follows the last tensor, padding for example, does no harm.
        while !missing.isEmpty && !reader.isAtEnd {
            let (name, tensor) = try Self.readTensor(&reader)
            tensors[name] = tensor
            missing.remove(name)
        }
        if let name = missing.min() {
            throw .damaged(
                reader.file.path, "it ends before \(missing.count) of its tensors, \(name) among them")
        }
    }

    private static func readTensor(_ reader: inout ByteReader) throws(WhisperError) -> (String, StoredTensor) {
        let part = "a tensor's header"
        let rank = Int(try reader.next(Int32.self, of: part))
        let length = Int(try reader.next(Int32.self, of: part))
        let code = try reader.next(Int32.self, of: part)
        guard (1...4).contains(rank), (1...512).contains(length) else {
            throw .damaged(reader.file.path, "\(part) at byte \(reader.offset) has \(rank) axes and \(length) letters")
        }
        var shape: [Int] = []
        // The innermost axis comes first.
        for _ in 0..<rank { shape.insert(Int(try reader.next(Int32.self, of: part)), at: 0) }
        let name = try reader.text(length, of: part)
        guard code >= 0, code < Int32(GGML_TYPE_COUNT.rawValue),
            case let type = ggml_type(rawValue: .init(code)), ggml_blck_size(type) > 0
        else {
            throw .unsupported(
                reader.file.path, "tensor \(name) has the unknown type \(code)",
                supported: "f32, f16, q8_0, q5_0, q5_1 or q4_0 weights")
        }
        let tensor = try StoredTensor(name, in: reader.file, at: reader.offset, shape: shape, type: type)
        try reader.skip(tensor.byteCount, of: name)
        return (name, tensor)
    }
}
