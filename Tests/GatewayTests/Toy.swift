import Recognition
import Whisper

/// Tokenizers in which every byte is a token.
enum Toy {
    private static let bytes = (UInt8.min...UInt8.max).map { [$0] }
    static let tokenizer = Tokenizer(vocabulary: bytes, vocabularySize: 51_865)
    static let englishTokenizer = Tokenizer(vocabulary: bytes, vocabularySize: 51_864)
}
