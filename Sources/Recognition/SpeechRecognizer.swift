public import Whisper

/// Turns a window of sound into text. Stateless: a request carries everything, so any recogniser can serve any window.
public protocol SpeechRecognizer: Sendable {
    /// Writes the text of one window.
    ///
    /// Cancelling the calling task ends the work before the next token.
    ///
    /// - Throws: ``RecognitionError`` when the recogniser is overloaded, shut down or has failed.
    func recognize(_ request: RecognitionRequest) async throws -> RecognitionResult
}

/// A window of sound and what is known about it.
public struct RecognitionRequest: Sendable {
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
    public var priority: LanePriority
    /// What is known of the language before the sound is heard: natural logarithms that are added to those of the languages'
    /// probabilities, by code; 0 for those that are not in it. Only used where the language is detected.
    public var languagePriors: [String: Float]

    /// Creates a request.
    public init(
        samples: [Float], options: DecodingOptions = DecodingOptions(), context: [Int] = [], prefix: [Int] = [],
        attentionThreshold: Int? = nil, priority: LanePriority = .live, languagePriors: [String: Float] = [:]
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

/// The text of a window.
public struct RecognitionResult: Sendable, Equatable {
    /// A token of the text.
    public struct Token: Sendable, Equatable {
        /// The token's number.
        public var id: Int
        /// Its probability among those that could come, 0...1.
        public var probability: Float
        /// Seconds from the start of the window at which it was heard, if the request had an attention threshold.
        public var heardAt: Double?

        /// Creates a token.
        public init(id: Int, probability: Float, heardAt: Double? = nil) {
            self.id = id
            self.probability = probability
            self.heardAt = heardAt
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
