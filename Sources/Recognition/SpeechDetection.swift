/// A window of sound in which there may be speech.
public struct DetectionRequest: Sendable, Equatable {
    /// Sound at 16 kHz in -1...1; 2 s is what detectors are calibrated for, 30 s the most that they take.
    public var samples: [Float]
    /// Code of the language that is spoken; `nil` where it is not known.
    public var language: String?

    /// Creates a request.
    public init(samples: [Float], language: String? = nil) {
        self.samples = samples
        self.language = language
    }
}

/// What a detector heard.
public struct SpeechDetection: Sendable, Equatable, Codable {
    /// Probability in 0...1 that there is no speech, as the model says it. Below 0.4 it is sure of speech in any language;
    /// what a higher one means depends on the language.
    public var noSpeechProbability: Float
    /// Whether the detector takes it for speech.
    public var isSpeech: Bool

    /// Creates a detection.
    public init(noSpeechProbability: Float, isSpeech: Bool) {
        self.noSpeechProbability = noSpeechProbability
        self.isSpeech = isSpeech
    }
}

/// Where a detector draws the line between speech and none.
///
/// The detector is an English model, which hears speech in any language but is less sure of it in some: one threshold for
/// all would cut Japanese.
public struct DetectorThresholds: Sendable, Equatable, Codable {
    /// Windows with a lower no-speech probability hold speech: by the language's code.
    public var noSpeech: [String: Float]
    /// The same for other languages, and where the language is not known: the most careful one.
    public var otherwise: Float

    /// Creates thresholds.
    public init(noSpeech: [String: Float], otherwise: Float) {
        self.noSpeech = noSpeech
        self.otherwise = otherwise
    }

    /// Those of Whisper's smallest models, chosen from `docs/short-windows.md` so that at most one window of speech in 40 is
    /// lost.
    public static let whisperTiny = DetectorThresholds(noSpeech: ["en": 0.7, "ko": 0.8, "ja": 0.8], otherwise: 0.85)

    /// What a probability means for a speaker of the given language.
    public func detection(noSpeechProbability: Float, language: String?) -> SpeechDetection {
        let threshold = language.flatMap { noSpeech[$0] } ?? otherwise
        return SpeechDetection(noSpeechProbability: noSpeechProbability, isSpeech: noSpeechProbability < threshold)
    }
}
