import Foundation

/// Reads the vocabulary files of CTranslate2 models.
enum Vocabulary {
    /// The first special token; all ordinary tokens come before it.
    static let endOfText = Array("<|endoftext|>".utf8)

    /// The bytes of the ordinary tokens of `vocabulary.json` (a list) or `vocabulary.txt` (one a line) in `directory`.
    ///
    /// `count` is how many tokens the model has, special ones included.
    static func read(directory: String, count: Int) throws(WhisperError) -> [[UInt8]] {
        let (path, texts) = try list(directory)
        guard texts.count == count else {
            throw .damaged(path, "it lists \(texts.count) tokens and the model has \(count)")
        }
        var tokens: [[UInt8]] = []
        tokens.reserveCapacity(count)
        for text in texts {
            if text.utf8.elementsEqual(endOfText) { return tokens }
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
func decodeJSON<Value: Decodable>(_: Value.Type, at path: String) throws(WhisperError) -> Value {
    let file = try MappedFile(path: path)
    let data = file.withBytes(at: 0, count: file.count) { Data($0) }
    do {
        return try JSONDecoder().decode(Value.self, from: data)
    } catch {
        throw .damaged(path, "it is not the JSON that belongs to a CTranslate2 model", cause: error)
    }
}
