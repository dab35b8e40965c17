/// Answers: is there speech in this window?
public protocol SpeechDetector: Sendable {
    /// Listens to a window.
    ///
    /// - Parameter samples: sound at 16 kHz in -1...1; 2 s is what detectors are calibrated for.
    /// - Throws: ``RecognitionError`` when the detector is overloaded, shut down or has failed.
    func detect(_ samples: [Float]) async throws -> SpeechDetection
}

/// What a detector heard.
public struct SpeechDetection: Sendable, Equatable {
    /// Probability in 0...1 that there is no speech, as the model says it. See ``DetectorThreshold`` for what it means.
    public var noSpeechProbability: Float

    /// Creates a detection.
    public init(noSpeechProbability: Float) {
        self.noSpeechProbability = noSpeechProbability
    }

    /// Whether there is speech, for a speaker of the given language.
    public func isSpeech(in language: String?) -> Bool {
        noSpeechProbability < DetectorThreshold.noSpeech(for: language)
    }
}

/// Where to draw the line between speech and none.
///
/// The detector is an English model, which hears speech in any language but is less sure of it in some: one threshold for
/// all would cut Japanese. Chosen from `docs/short-windows.md` so that at most one window of speech in 40 is lost.
public enum DetectorThreshold {
    /// Windows of a language with a lower no-speech probability hold speech.
    ///
    /// - Parameter language: code of the language; `nil` takes the most careful threshold.
    public static func noSpeech(for language: String?) -> Float {
        switch language {
        case "en": 0.7
        case "ko", "ja": 0.8
        default: 0.85
        }
    }
}
