public import WhisperText

/// A window of sound and what is known about it.
public struct RecognitionRequest: Sendable, Equatable {
    /// Sound at 16 kHz in -1...1, at most 30 s.
    public var samples: [Float]
    /// How to decode. Language, task, prompt, hotwords and margin are here.
    public var options: DecodingOptions
    /// Tokens of text that was said before the window.
    public var context: [Int]
    /// Tokens of the window's text that are settled; what follows them is written.
    public var prefix: [Int]
    /// Stops where the next token would be heard within this many positions of 20 ms of the window's end (AlignAtt):
    /// what is spoken there is not over yet. `nil` writes to the end.
    public var attentionThreshold: Int?
    /// Who goes first when lanes are short.
    public var priority: RecognitionPriority
    /// What is known of the language before the sound is heard: natural logarithms that are added to those of the languages'
    /// probabilities, by code; 0 for those that are not in it. Only used where the language is detected.
    public var languagePriors: [String: Float]

    /// Creates a request.
    public init(
        samples: [Float], options: DecodingOptions = DecodingOptions(), context: [Int] = [], prefix: [Int] = [],
        attentionThreshold: Int? = nil, priority: RecognitionPriority = .live, languagePriors: [String: Float] = [:]
    ) {
        self.languagePriors = languagePriors
        self.samples = samples
        self.options = options
        self.context = context
        self.prefix = prefix
        self.attentionThreshold = attentionThreshold
        self.priority = priority
    }
}
