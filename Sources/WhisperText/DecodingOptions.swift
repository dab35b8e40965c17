/// How sound becomes text.
public struct DecodingOptions: Sendable, Equatable {
    /// What to write.
    public enum Task: String, Sendable, CaseIterable, Codable {
        /// The words in the language they were spoken in.
        case transcribe
        /// Their meaning in English. Only multilingual models can.
        case translate
    }

    /// What to write.
    public var task: Task = .transcribe
    /// Code of the spoken language (`ko`, `en`, …); `nil` detects it.
    public var language: String?
    /// Codes of the languages that come into question where it is detected; empty for all that the model knows.
    public var languages: [String] = []
    /// How many continuations beam search follows; 1 is greedy.
    public var beams = 1
    /// Beam search ends when `beams · patience` texts are complete.
    public var patience: Float = 1
    /// How many texts are sampled when the temperature is above 0; the likeliest is taken.
    public var samples = 5
    /// Sampling temperatures to try in turn while the text looks wrong. 0 is greedy or beam search.
    public var temperatures: [Float] = [0, 0.2, 0.4, 0.6, 0.8, 1]
    /// Text that compresses better than this repeats itself, and the next temperature is tried.
    public var compressionRatioThreshold: Float? = 2.4
    /// Text with a lower average log-probability is doubtful, and the next temperature is tried.
    public var logProbabilityThreshold: Float? = -1
    /// A window is silent when its no-speech probability is above this and its text is doubtful.
    public var noSpeechThreshold: Float? = 0.6
    /// Whether the model writes times between segments. Without, a window is one segment.
    public var timestamps = true
    /// The latest time in seconds at which the first segment of a window may start.
    public var maximumInitialTimestamp: Double? = 1
    /// Text in the style that is wanted, or the speaker's vocabulary: precedes every window and is never scrolled away.
    public var prompt: String?
    /// Words that are likely to be said, such as names; precede every window.
    public var hotwords: String?
    /// Whether the text of the previous window helps with the next one.
    public var conditionOnPreviousText = true
    /// The most tokens of previous text that are given; more makes loops likelier.
    public var contextTokens = 64
    /// Tokens that are never written, in addition to those that no text has.
    public var suppressedTokens: [Int] = []
    /// Whether symbols that are not spoken, such as speaker tags and notes, are left out.
    public var suppressNonSpeech = true
    /// Whether a text may not start with a space or be empty.
    public var suppressBlank = true
    /// The most tokens that a second of sound can hold: the guard against endless repetition. Fast Korean has about 15.
    public var tokensPerSecond: Double = 25
    /// Seconds of sound in which a word may be repeated as often as it can be said: five times a second. With 0, text that
    /// says the same a dozen times is cut.
    public var repeatableSeconds = 0.0
    /// Positions of 20 ms of silence that follow the sound of a window, so that the model hears that it ends; `nil` fills
    /// the window up to 30 s, which costs up to twelve times as much. See `docs/short-windows.md`.
    public var margin: Int? = 64
    /// Whether words get times of their own.
    public var wordTimestamps = false

    /// Options with Whisper's usual defaults, greedy.
    public init() {}
}
