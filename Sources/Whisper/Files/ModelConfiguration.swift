import Foundation
import WhisperText

/// What the `config.json` beside a CTranslate2 model says.
struct ModelConfiguration: Decodable {
    var alignmentHeads: [[Int]]?
    var suppressedTokens: [Int]?
    var suppressedAtBegin: [Int]?
    var languageTokens: [Int]?

    private enum CodingKeys: String, CodingKey {
        case alignmentHeads = "alignment_heads"
        case suppressedTokens = "suppress_ids"
        case suppressedAtBegin = "suppress_ids_begin"
        case languageTokens = "lang_ids"
    }

    init() {}

    /// Reads the file in `directory`; a model may do without one.
    static func read(directory: String, dimensions: Dimensions) throws(WhisperError) -> ModelConfiguration {
        let path = directory + "/config.json"
        guard FileManager.default.fileExists(atPath: path) else { return ModelConfiguration() }
        let configuration = try decodeJSON(ModelConfiguration.self, at: path)
        for tokens in [
            configuration.suppressedTokens, configuration.suppressedAtBegin, configuration.languageTokens,
        ] {
            for token in tokens ?? [] where !(0..<dimensions.vocabulary).contains(token) {
                throw .damaged(path, "it names token \(token) of a vocabulary of \(dimensions.vocabulary)")
            }
        }
        for pair in configuration.alignmentHeads ?? [] {
            guard pair.count == 2, (0..<dimensions.textLayers).contains(pair[0]),
                (0..<dimensions.textHeads).contains(pair[1])
            else {
                throw .damaged(
                    path,
                    "it names the alignment head \(pair) of \(dimensions.textLayers) layers with "
                        + "\(dimensions.textHeads) heads")
            }
        }
        return configuration
    }
}
