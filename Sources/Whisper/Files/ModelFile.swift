public import WhisperText

/// A Whisper model on disk: opened and checked, with its weights left where they are until they are read.
///
/// Two formats are read: the directories that faster-whisper uses (CTranslate2) and whisper.cpp's `ggml-*.bin`.
public struct ModelFile: Sendable {
    /// How a model is stored.
    public enum Format: Sendable, Equatable, CustomStringConvertible {
        /// A CTranslate2 directory, with the binary version of its `model.bin`.
        case ctranslate2(version: Int)
        /// A whisper.cpp file, with ggml's number for the type of most of its weights.
        case ggml(fileType: Int)

        /// The format's name and version.
        public var description: String {
            switch self {
            case .ctranslate2(let version): "CTranslate2 version \(version)"
            case .ggml(let fileType): "ggml file type \(fileType)"
            }
        }
    }

    /// The file that holds the weights.
    public let path: String
    /// How the model is stored.
    public let format: Format
    /// The model's sizes.
    public let dimensions: Dimensions
    /// Heads of the decoder whose cross-attention follows the audio, for word times and for stopping where it ends.
    public let alignmentHeads: [AttentionHead]
    /// Tokens never to be written, if the model says so.
    public let suppressedTokens: [Int]?
    /// Tokens not to be written first, if the model says so.
    public let suppressedAtBegin: [Int]?
    /// The tokens of the languages, if the model lists them.
    public let languageTokens: [Int]?
    /// What its tokens stand for.
    public let vocabulary: Vocabulary

    private let file: MappedFile
    private let weights: [String: Weight]

    /// Opens the model at `path` and checks that it is whole.
    ///
    /// - Parameter path: a CTranslate2 directory, a directory that holds one `.bin` file of whisper.cpp, or such a file.
    /// - Throws: ``WhisperError`` with `modelNotFound`, `badModel` (damaged, cut short, parts that disagree) or
    ///   `unsupportedModel`. Opening is quick, because weights are not read: a bit that flipped among them goes unnoticed.
    public static func open(_ path: String) throws(WhisperError) -> ModelFile {
        let location = try ModelLocation(path)
        let file = try MappedFile(path: location.weights)
        switch try location.kind(of: file) {
        case .ggml: return try ModelFile(whisperCpp: file)
        case .ctranslate2: return try ModelFile(ctranslate2: file, directory: location.directory)
        }
    }

    private init(ctranslate2 file: MappedFile, directory: String) throws(WhisperError) {
        let contents = try CTranslate2File(file)
        dimensions = try contents.dimensions()
        format = .ctranslate2(version: contents.version)
        weights = try Self.weights(dimensions, contents.tensors, path: file.path) { plan in
            [.stored(plan.ctranslate2, rows: plan.shape[0])]
        }
        vocabulary = try Vocabulary(directory: directory, count: dimensions.vocabulary)
        let configuration = try ModelConfiguration.read(directory: directory, dimensions: dimensions)
        alignmentHeads =
            configuration.alignmentHeads?.map { AttentionHead(layer: $0[0], head: $0[1]) }
            ?? AttentionHead.aligning(dimensions)
        suppressedTokens = configuration.suppressedTokens
        suppressedAtBegin = configuration.suppressedAtBegin
        languageTokens = configuration.languageTokens
        path = file.path
        self.file = file
    }

    private init(whisperCpp file: MappedFile) throws(WhisperError) {
        let contents = try GGMLFile(file)
        dimensions = contents.dimensions
        format = .ggml(fileType: contents.fileType)
        weights = try Self.weights(dimensions, contents.tensors, path: file.path) { $0.ggml }
        vocabulary = Vocabulary(tokens: contents.vocabulary, size: dimensions.vocabulary)
        alignmentHeads = AttentionHead.aligning(dimensions)
        suppressedTokens = nil
        suppressedAtBegin = nil
        languageTokens = nil
        path = file.path
        self.file = file
    }

    /// The weight of the given name: OpenAI's names, with `attn.qkv` and `cross_attn.kv` for the stacked projections.
    package func weight(_ name: String) throws(WhisperError) -> Weight {
        guard let weight = weights[name] else { throw .damaged(path, "it has no weight \(name)") }
        return weight
    }

    /// Gives the memory that reading took back to the system. Reading again is possible at any time.
    package func discardPages() { file.discard() }

    /// Puts the stored tensors in their places and checks their shapes.
    private static func weights(
        _ dimensions: Dimensions, _ tensors: [String: StoredTensor], path: String,
        sources: (TensorPlan) -> [TensorPlan.Source]
    ) throws(WhisperError) -> [String: Weight] {
        var weights: [String: Weight] = [:]
        for plan in TensorPlan.all(dimensions) {
            var parts: [Weight.Part] = []
            for source in sources(plan) {
                switch source {
                case .zeros(let rows): parts.append(.zeros(rows: rows))
                case .stored(let name, let rows):
                    guard let tensor = tensors[name] else { throw .damaged(path, "tensor \(name) is missing") }
                    let shape = [rows] + plan.shape.dropFirst()
                    // whisper.cpp stores the biases of convolutions as columns.
                    guard tensor.shape == shape || plan.shape.count == 1 && tensor.shape == [rows, 1] else {
                        throw .damaged(path, "tensor \(name) has shape \(tensor.shape) and should have \(shape)")
                    }
                    guard tensor.isReadable else {
                        throw .unsupported(
                            path, "tensor \(name) has type \(tensor.typeName), which cannot be read",
                            supported: "floating-point, scaled int8 or block-quantised weights")
                    }
                    parts.append(.stored(tensor, rows: rows))
                }
            }
            weights[plan.name] = Weight(shape: plan.shape, parts: parts)
        }
        return weights
    }
}
