public import WhisperText

/// Where a window lies in the sound of a stream, so that whoever has heard the window before it need not be sent again what
/// both share.
public struct SoundPlace: Sendable, Equatable, Codable {
    /// The stream's name. At one position of a stream the sound is always the same.
    public var stream: String
    /// Position of the window's first sample in the stream.
    public var start: Int

    /// Creates a place.
    public init(stream: String, start: Int) {
        self.stream = stream
        self.start = start
    }
}

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
    /// Tokens that the text after the prefix probably has, such as what was heard of it before. A good guess makes the answer
    /// come sooner. It does not change the text of a window on its own; of one with a ``place`` a doubtful word may differ.
    public var draft: [Int]
    /// Stops where the next token would be heard within this many positions of 20 ms of the window's end (AlignAtt):
    /// what is spoken there is not over yet. `nil` writes to the end.
    public var attentionThreshold: Int?
    /// Who goes first when lanes are short.
    public var priority: RecognitionPriority
    /// What is known of the language before the sound is heard: natural logarithms that are added to those of the languages'
    /// probabilities, by code; 0 for those that are not in it. Only used where the language is detected.
    public var languagePriors: [String: Float]
    /// Where the window lies in a stream whose next window will share most of its sound; `nil` for a window on its own, whose
    /// text depends on nothing else. Of a window with a place only what is new may be computed: a doubtful word may then
    /// differ, as it may between two windows.
    public var place: SoundPlace?

    /// Creates a request.
    public init(
        samples: [Float], options: DecodingOptions = DecodingOptions(), context: [Int] = [], prefix: [Int] = [],
        draft: [Int] = [], attentionThreshold: Int? = nil, priority: RecognitionPriority = .live,
        languagePriors: [String: Float] = [:],
        place: SoundPlace? = nil
    ) {
        self.samples = samples
        self.options = options
        self.context = context
        self.prefix = prefix
        self.draft = draft
        self.attentionThreshold = attentionThreshold
        self.priority = priority
        self.languagePriors = languagePriors
        self.place = place
    }
}
