package import WhisperText

extension Tokenizer {
    /// A tokenizer in which every byte is a token, so that a Hangul syllable takes three.
    package static let bytes = Tokenizer(vocabulary: (UInt8.min...UInt8.max).map { [$0] }, vocabularySize: 51_865)
    /// The same of a model that knows nothing but English.
    package static let englishBytes = Tokenizer(
        vocabulary: (UInt8.min...UInt8.max).map { [$0] }, vocabularySize: 51_864)
}
