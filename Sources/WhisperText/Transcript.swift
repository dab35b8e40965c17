/// What was said in a recording, and when.
///
/// Encoded as JSON this is an object with `text`, `language`, `languageProbability`, `duration` and `segments`; a segment has `words` when they were
/// asked for. All times are seconds from the start of the recording.
public struct Transcript: Sendable, Codable, Equatable {
    /// The whole text: the segments' texts joined, without white space at either end.
    public var text: String
    /// Code of the language that was spoken (`ko`, `en`, …), given or detected.
    public var language: String
    /// Probability of ``language`` in 0...1 when it was detected, `nil` when it was given.
    public var languageProbability: Float?
    /// Length of the recording in seconds.
    public var duration: Double
    /// Stretches of speech in the order of time.
    public var segments: [Segment]

    /// Creates a transcript from its parts.
    public init(
        text: String, language: String, languageProbability: Float? = nil, duration: Double, segments: [Segment]
    ) {
        self.text = text
        self.language = language
        self.languageProbability = languageProbability
        self.duration = duration
        self.segments = segments
    }
}

/// A stretch of speech that the model wrote between two timestamps.
public struct Segment: Sendable, Codable, Equatable {
    /// Seconds from the start of the recording.
    public var start: Double
    /// Seconds from the start of the recording; never before ``start``.
    public var end: Double
    /// The text as the model wrote it, without white space at either end.
    public var text: String
    /// Text tokens and timestamps that the model wrote.
    public var tokens: [Int]
    /// Mean natural logarithm of the tokens' probabilities, end of text included; 0 is certain, below -1 is doubtful.
    public var averageLogProbability: Float
    /// Length of the UTF-8 text over its length when compressed; above 2.4 it probably repeats itself.
    public var compressionRatio: Float
    /// Probability in 0...1 that the window this segment comes from holds no speech.
    public var noSpeechProbability: Float
    /// Sampling temperature that produced the text; 0 is greedy or beam search.
    public var temperature: Float
    /// Words with their times, when they were asked for.
    public var words: [Word]?
    /// Code of the language it was decoded in.
    public var language: String?

    /// Creates a segment from its parts.
    public init(
        start: Double, end: Double, text: String, tokens: [Int] = [], averageLogProbability: Float = 0,
        compressionRatio: Float = 0, noSpeechProbability: Float = 0, temperature: Float = 0, words: [Word]? = nil,
        language: String? = nil
    ) {
        self.start = start
        self.end = end
        self.text = text
        self.tokens = tokens
        self.averageLogProbability = averageLogProbability
        self.compressionRatio = compressionRatio
        self.noSpeechProbability = noSpeechProbability
        self.temperature = temperature
        self.words = words
        self.language = language
    }
}

/// One word and when it was spoken.
public struct Word: Sendable, Codable, Equatable {
    /// The word with its punctuation, and the space before it where its script writes one.
    public var text: String
    /// Seconds from the start of the recording.
    public var start: Double
    /// Seconds from the start of the recording; never before ``start``.
    public var end: Double
    /// Mean probability of the word's tokens, 0...1.
    public var probability: Float

    /// Creates a word from its parts.
    public init(text: String, start: Double, end: Double, probability: Float) {
        self.text = text
        self.start = start
        self.end = end
        self.probability = probability
    }
}
