internal import Crypto
internal import Foundation
internal import Locks
internal import Recognition
internal import Whisper
internal import WhisperText

/// What a loaded model is called, and how it is told from others.
final class ModelIdentity: Sendable {
    /// The model, without its digest.
    let description: ModelDescription
    private let weights: String
    private let digest = Guarded<String?>(nil)

    init(_ model: Model) {
        let path = URL(filePath: model.path)
        weights = model.weightsPath
        description = ModelDescription(
            name: Self.name(path.lastPathComponent), digest: "",
            vocabulary: model.tokenizer.vocabularySize, languages: model.tokenizer.languages.map(\.code))
    }

    /// A folder's name, such as `tiny.en`, or a file's without its ending.
    private static func name(_ last: String) -> String {
        last.hasSuffix(".bin") ? String(last.dropLast(".bin".count)) : last
    }

    /// The model with its digest. The first call reads the whole file.
    ///
    /// - Throws: ``RecognitionError/Code/engineFailed`` when the file cannot be read any longer.
    @concurrent
    func complete() async throws(RecognitionError) -> ModelDescription {
        var description = description
        do {
            description.digest = try digest.withLock { digest in
                let known = try digest ?? Self.sha256(of: weights)
                digest = known
                return known
            }
        } catch {
            throw RecognitionError(
                .engineFailed,
                "the model's file \(weights) cannot be read any longer; restart with the model in its place",
                cause: error)
        }
        return description
    }

    private static func sha256(of path: String) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        var hash = SHA256()
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }
}
