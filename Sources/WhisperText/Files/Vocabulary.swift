internal import Foundation

/// The tokens of a model that stand for text: all that a ``Tokenizer`` needs of it, without the weights.
public struct Vocabulary: Sendable, Equatable {
    /// The bytes of the ordinary tokens, in order of id.
    package let tokens: [[UInt8]]
    /// How many tokens the model knows, special ones included.
    public let size: Int

    /// The first special token; all ordinary tokens come before it.
    package static let endOfText = Array("<|endoftext|>".utf8)

    /// - Parameters:
    ///   - tokens: bytes of the ordinary tokens in order of id; what follows them is ignored.
    ///   - size: rows of the model's token embedding: 51,864 (English), 51,865, or 51,866 (with Cantonese).
    package init(tokens: [[UInt8]], size: Int) {
        self.tokens = tokens
        self.size = size
    }

    /// Reads `vocabulary.json` (a list) or `vocabulary.txt` (one a line) of a CTranslate2 model.
    ///
    /// - Parameters:
    ///   - directory: the model's folder; nothing else in it is read.
    ///   - count: how many tokens the model has; `nil` where only the list is known.
    /// - Throws: ``WhisperError`` with `modelNotFound` or `badModel`.
    public init(directory: String, count: Int? = nil) throws(WhisperError) {
        let (path, texts) = try Self.list(directory)
        if let count, texts.count != count {
            throw .damaged(path, "it lists \(texts.count) tokens and the model has \(count)")
        }
        guard (51_864...51_866).contains(texts.count) || count != nil else {
            throw .damaged(path, "it lists \(texts.count) tokens and no Whisper model has so many")
        }
        var tokens: [[UInt8]] = []
        tokens.reserveCapacity(texts.count)
        for text in texts {
            if text.utf8.elementsEqual(Self.endOfText) {
                self.init(tokens: tokens, size: texts.count)
                return
            }
            guard let bytes = ByteAlphabet.bytes(of: text) else {
                throw .damaged(path, "token \(tokens.count) is not written in the byte alphabet")
            }
            tokens.append(bytes)
        }
        throw .damaged(path, "it does not list <|endoftext|>")
    }

    private static func list(_ directory: String) throws(WhisperError) -> (path: String, tokens: [String]) {
        let json = directory + "/vocabulary.json"
        if FileManager.default.fileExists(atPath: json) { return (json, try decodeJSON([String].self, at: json)) }
        let text = directory + "/vocabulary.txt"
        guard FileManager.default.fileExists(atPath: text) else {
            throw WhisperError(
                .modelNotFound, "\(directory) has neither vocabulary.json nor vocabulary.txt; pull the model again")
        }
        let file = try MappedFile(path: text)
        let lines = file.withBytes(at: 0, count: file.count) { bytes in
            // Lines may be empty: token 50,256 of the multilingual vocabulary is. Only the last line's end is no token.
            bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
        }
        return (text, lines.last == "" ? lines.dropLast() : lines)
    }
}

/// Decodes a JSON file of a model.
package func decodeJSON<Value: Decodable>(_: Value.Type, at path: String) throws(WhisperError) -> Value {
    let file = try MappedFile(path: path)
    let data = file.withBytes(at: 0, count: file.count) { Data($0) }
    do {
        return try JSONDecoder().decode(Value.self, from: data)
    } catch {
        throw .damaged(path, "it is not the JSON that belongs to a CTranslate2 model", cause: error)
    }
}
