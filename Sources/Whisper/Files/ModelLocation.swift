import Foundation
import WhisperText

/// Finds a model's files from the path that a person gives.
struct ModelLocation {
    /// The file with the weights.
    let weights: String
    /// The directory that it lies in, with the vocabulary and the configuration of a CTranslate2 model.
    let directory: String

    /// The format of a file with weights.
    enum Kind {
        case ctranslate2, ggml
    }

    init(_ path: String) throws(WhisperError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw WhisperError(.modelNotFound, "There is no model at \(path); pull it or check the path")
        }
        guard isDirectory.boolValue else {
            weights = path
            directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
            return
        }
        directory = path
        weights = path + "/" + (try Self.weights(in: path))
    }

    private static func weights(in directory: String) throws(WhisperError) -> String {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw WhisperError(.modelNotFound, "\(directory) cannot be listed; check its permissions", cause: error)
        }
        let candidates = names.filter { $0.hasSuffix(".bin") }.sorted()
        if candidates.contains("model.bin") { return "model.bin" }
        guard let only = candidates.first else {
            throw WhisperError(
                .modelNotFound, "\(directory) holds neither model.bin nor another .bin file; pull the model again")
        }
        guard candidates.count == 1 else {
            throw WhisperError(
                .modelNotFound, "\(directory) holds \(candidates.joined(separator: ", ")); give the path of one of them"
            )
        }
        return only
    }

    /// Tells the format from the first bytes.
    func kind(of file: MappedFile) throws(WhisperError) -> Kind {
        let start: UInt32 = try file.integer(at: 0, of: "the header")
        switch start {
        case GGMLFile.magic: return .ggml
        // CTranslate2's binary version, with room for later ones, which then are named in the error.
        case 1...255: return .ctranslate2
        case Self.letters("GGUF"):
            throw .unsupported(file.path, "it is a GGUF file", supported: "whisper.cpp's ggml-*.bin or CTranslate2")
        case Self.letters("vers"):
            throw WhisperError(
                .badModel, "\(file.path) is a pointer of Git LFS and not the model; pull the model itself")
        default:
            throw WhisperError(
                .badModel,
                "\(file.path) is neither a CTranslate2 model nor a ggml file of whisper.cpp; pull the model again")
        }
    }

    /// Four letters as the little-endian number that a file starts with.
    private static func letters(_ text: String) -> UInt32 {
        text.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
