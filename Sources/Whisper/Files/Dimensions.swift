import WhisperText

/// The sizes that make one Whisper model differ from another.
public struct Dimensions: Sendable, Equatable {
    /// Tokens in the vocabulary, special ones included: 51,864 for English, 51,865 or 51,866 for many languages.
    public var vocabulary: Int
    /// Bands of the mel spectrogram: 80, or 128 from large-v3 on.
    public var melBands: Int
    /// Encoder positions of the longest window: 1,500, which is 30 s.
    public var audioPositions: Int
    /// Width of the encoder.
    public var audioState: Int
    /// Attention heads in each layer of the encoder.
    public var audioHeads: Int
    /// Layers of the encoder.
    public var audioLayers: Int
    /// Tokens that the decoder can hold: 448.
    public var textPositions: Int
    /// Width of the decoder, equal to that of the encoder.
    public var textState: Int
    /// Attention heads in each layer of the decoder.
    public var textHeads: Int
    /// Layers of the decoder.
    public var textLayers: Int

    /// Creates dimensions from their parts.
    public init(
        vocabulary: Int, melBands: Int = 80,
        audioPositions: Int = 1500, audioState: Int, audioHeads: Int, audioLayers: Int,
        textPositions: Int = 448, textState: Int, textHeads: Int, textLayers: Int
    ) {
        self.vocabulary = vocabulary
        self.melBands = melBands
        self.audioPositions = audioPositions
        self.audioState = audioState
        self.audioHeads = audioHeads
        self.audioLayers = audioLayers
        self.textPositions = textPositions
        self.textState = textState
        self.textHeads = textHeads
        self.textLayers = textLayers
    }

    /// Whether the model knows other languages than English.
    public var isMultilingual: Bool { vocabulary >= 51_865 }
}

extension Dimensions {
    /// Throws unless these are the dimensions of a Whisper model. `path` is the file that they come from.
    func validate(path: String) throws(WhisperError) {
        let counts = [
            ("vocabulary", vocabulary), ("audio positions", audioPositions), ("audio width", audioState),
            ("audio heads", audioHeads), ("audio layers", audioLayers), ("text positions", textPositions),
            ("text width", textState), ("text heads", textHeads), ("text layers", textLayers),
        ]
        for (name, count) in counts where !(1...1 << 20).contains(count) {
            throw .damaged(path, "its \(name) is \(count)")
        }
        guard melBands == 80 || melBands == 128 else {
            throw .unsupported(path, "it has \(melBands) mel bands", supported: "80 or 128 bands")
        }
        // Every Whisper model has heads of 64, and the network's kernels count on it.
        for (state, heads) in [(audioState, audioHeads), (textState, textHeads)] where state != heads * 64 {
            throw .unsupported(path, "it has \(heads) heads at width \(state)", supported: "heads of width 64")
        }
        guard audioState == textState else {
            throw .unsupported(
                path, "its encoder has width \(audioState) and its decoder \(textState)", supported: "equal widths")
        }
    }
}
