/// A model that can be pulled: where it is, and how much it is about.
public struct ModelDescription: Sendable, Hashable {
    /// What the model is called, and the folder it gets: `base`, `owner/repo`, `ggml-base-q5_1`.
    public let name: String
    /// The repository on the hub, `owner/repo`.
    public let repository: String
    /// The only file that is wanted of the repository; nil for a CTranslate2 model, which is several.
    public let file: String?
    /// About how many bytes it is, or nil for a model that is not in the catalog.
    public let approximateBytes: Int?
    /// The Python packages that hold it too.
    public let packages: PackagedModel?

    package init(
        _ name: String, _ repository: String, file: String? = nil, approximateBytes: Int? = nil,
        packages: PackagedModel? = nil
    ) {
        self.name = name
        self.repository = repository
        self.file = file
        self.approximateBytes = approximateBytes
        self.packages = packages
    }

    /// Whether a file of the repository belongs to the model.
    func wants(_ path: String) -> Bool {
        if let file { return path == file }
        let sideFiles = [
            "config.json", "preprocessor_config.json", "tokenizer.json", "vocabulary.json", "vocabulary.txt",
        ]
        return path == "model.bin" || sideFiles.contains(path)
    }
}

/// The models that have a name of their own. Any other is pulled as `owner/repo`.
public enum ModelCatalog {
    /// The known models, from small to large.
    public static let models: [ModelDescription] = [
        ModelDescription("tiny", "Systran/faster-whisper-tiny", approximateBytes: 78_000_000),
        ModelDescription(
            "tiny.en", "Systran/faster-whisper-tiny.en", approximateBytes: 78_000_000, packages: .tinyEnglish),
        ModelDescription("base", "Systran/faster-whisper-base", approximateBytes: 148_000_000, packages: .base),
        ModelDescription("base.en", "Systran/faster-whisper-base.en", approximateBytes: 148_000_000),
        ModelDescription("small", "Systran/faster-whisper-small", approximateBytes: 486_000_000),
        ModelDescription("small.en", "Systran/faster-whisper-small.en", approximateBytes: 486_000_000),
        ModelDescription("medium", "Systran/faster-whisper-medium", approximateBytes: 1_530_000_000),
        ModelDescription("medium.en", "Systran/faster-whisper-medium.en", approximateBytes: 1_530_000_000),
        ModelDescription("large-v2", "Systran/faster-whisper-large-v2", approximateBytes: 3_090_000_000),
        ModelDescription("large-v3", "Systran/faster-whisper-large-v3", approximateBytes: 3_090_000_000),
        ModelDescription(
            "large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", approximateBytes: 1_620_000_000),
        ModelDescription(
            "distil-small.en", "Systran/faster-distil-whisper-small.en", approximateBytes: 336_000_000),
        ModelDescription(
            "distil-medium.en", "Systran/faster-distil-whisper-medium.en", approximateBytes: 792_000_000),
        ModelDescription(
            "distil-large-v3", "Systran/faster-distil-whisper-large-v3", approximateBytes: 1_520_000_000),
    ]

    /// Other names people use.
    static let aliases = ["large": "large-v3", "turbo": "large-v3-turbo"]

    /// Finds the model that a name stands for.
    ///
    /// - Parameter name: A name from ``models``, `owner/repo` for a CTranslate2 model on the hub, `owner/repo/ggml-….bin`
    ///   for one file there, or `ggml-…` for a file of whisper.cpp's own collection.
    /// - Throws: ``ModelsError/Code/badName``.
    public static func find(_ name: String) throws(ModelsError) -> ModelDescription {
        let known = aliases[name] ?? name
        if let model = models.first(where: { $0.name == known }) { return model }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy(isFileName) else {
            throw ModelsError(.badName, "'\(name)' cannot be a model's name: give one of \(names), or OWNER/REPO")
        }
        switch parts.count {
        case 1 where name.hasPrefix("ggml-"):
            let file = name.hasSuffix(".bin") ? name : name + ".bin"
            return ModelDescription(String(file.dropLast(4)), "ggerganov/whisper.cpp", file: file)
        case 2:
            return ModelDescription(name, name)
        case 3 where parts[2].hasSuffix(".bin"):
            return ModelDescription(String(parts[2].dropLast(4)), parts[0] + "/" + parts[1], file: parts[2])
        default:
            throw ModelsError(.badName, "there is no model called '\(name)': give one of \(names), or OWNER/REPO")
        }
    }

    private static var names: String { models.map(\.name).joined(separator: ", ") }

    /// Names become paths and addresses, so they hold nothing that means something there.
    private static func isFileName(_ part: String) -> Bool {
        !part.isEmpty && !part.hasPrefix(".")
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
