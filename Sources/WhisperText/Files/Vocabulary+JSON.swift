internal import Foundation

extension Vocabulary: Codable {
    private enum Key: String, CodingKey {
        case tokens, size
    }

    /// Reads a vocabulary: `tokens`, each as base64 of its bytes, in order of id, and `size`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let tokens = try container.decode([Data].self, forKey: .tokens).map { Array($0) }
        let size = try container.decode(Int.self, forKey: .size)
        guard tokens.count <= size, (51_864...51_866).contains(size) else {
            throw DecodingError.dataCorruptedError(
                forKey: .size, in: container, debugDescription: "no Whisper model has so many tokens")
        }
        self.init(tokens: tokens, size: size)
    }

    /// Writes a vocabulary, about 0.7 MB.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(tokens.map { Data($0) }, forKey: .tokens)
        try container.encode(size, forKey: .size)
    }
}
