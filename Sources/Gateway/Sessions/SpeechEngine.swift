package import Recognition
package import WhisperText

/// What recognises and detects for all sessions.
package struct SpeechEngine: Sendable {
    package let recognizer: any SpeechRecognizer
    package var detector: any SpeechDetector
    /// The recogniser's tokenizer.
    package let tokenizer: Tokenizer
    /// Windows that the recogniser works on at the same time.
    package let lanes: Int

    package init(recognizer: any SpeechRecognizer, detector: any SpeechDetector, tokenizer: Tokenizer, lanes: Int) {
        self.lanes = lanes
        self.recognizer = recognizer
        self.detector = detector
        self.tokenizer = tokenizer
    }
}
