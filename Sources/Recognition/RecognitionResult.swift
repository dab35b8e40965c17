public import WhisperText

/// The text of a window.
public struct RecognitionResult: Sendable, Equatable, Codable {
    /// A token of the text.
    public struct Token: Sendable, Equatable, Codable {
        /// The token's number.
        public var id: Int
        /// Its probability among those that could come, 0...1.
        public var probability: Float
        /// Seconds from the start of the window at which it was heard, if the request had an attention threshold.
        public var attendedAt: Double?

        /// Creates a token.
        public init(id: Int, probability: Float, attendedAt: Double? = nil) {
            self.id = id
            self.probability = probability
            self.attendedAt = attendedAt
        }
    }

    /// The text after the prefix, without timestamps.
    public var text: String
    /// Its tokens, timestamps included.
    public var tokens: [Token]
    /// Words with times in seconds from the start of the window, if the options asked for them.
    public var words: [Word]
    /// Code of the language, given or detected.
    public var language: String
    /// Mean log-probability of the tokens; below -1 is doubtful.
    public var averageLogProbability: Float
    /// Probability in 0...1 that the window holds no speech.
    public var noSpeechProbability: Float
    /// Length of the text over its length when compressed; above 2.4 it probably repeats itself.
    public var compressionRatio: Float
    /// Sampling temperature that it was written with.
    public var temperature: Float
    /// Whether the text ended by itself, not at the attention threshold or by a bound.
    public var isComplete: Bool
    /// Seconds of work, without waiting for a lane.
    public var work = 0.0
    /// What the work was spent on, where the recogniser tells.
    public var times: WindowTimes?
    /// Probabilities in 0...1 of the languages that the sound alone may be in, by code, without those below 0.01; empty
    /// where the language was given.
    public var languages: [String: Float] = [:]

    /// Creates the text of a window.
    public init(
        text: String, tokens: [Token], words: [Word] = [], language: String, averageLogProbability: Float,
        noSpeechProbability: Float, compressionRatio: Float, temperature: Float = 0, isComplete: Bool
    ) {
        self.text = text
        self.tokens = tokens
        self.words = words
        self.language = language
        self.averageLogProbability = averageLogProbability
        self.noSpeechProbability = noSpeechProbability
        self.compressionRatio = compressionRatio
        self.temperature = temperature
        self.isComplete = isComplete
    }
}
