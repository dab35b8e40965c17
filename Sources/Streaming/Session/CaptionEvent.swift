package import Recognition
package import WhisperText

/// What a session tells its listeners. Positions are samples at 16 kHz from the session's start, times are seconds.
package enum CaptionEvent: Sendable, Equatable {
    /// Somebody begins to speak.
    case speechStarted(at: Int)
    /// Nobody speaks any longer.
    case speechStopped(at: Int)
    /// An utterance so far.
    case partial(utterance: Int, Caption, start: Int)
    /// An utterance that is over.
    case final(FinalCaption)
    /// What an utterance means, after its final; empty where that could not be had.
    case translation(utterance: Int, String)
    /// Everything before is in finals or was silence.
    case acknowledged(Int)
    /// Most of what was said is in this language, by its code, where another or none was told before.
    case languageDetected(String)
    /// A text was recognised and not believed. `shown` is the number of the utterance whose text was shown until then.
    case dropped(HallucinationGuard.Reason, shown: Int?)
    /// Everything before this sample is final, because that was asked for with ``CaptionSession/flush()``.
    case flushed(at: Int)
    /// An utterance could not be decoded as a whole; its final is what was known while it was spoken.
    case finalFailed
    /// Everything is said.
    case finished
}

/// The text of an utterance, which never changes.
package struct FinalCaption: Sendable, Equatable, Codable {
    /// Number of the utterance, from 0.
    package var utterance: Int
    /// The text; empty when nothing was said after all.
    package var text: String
    /// Its words, in seconds from the session's start.
    package var words: [Word]
    /// Its sound.
    package var range: Range<Int>
    /// Code of the language.
    package var language: String
    /// Geometric mean of the tokens' probabilities, 0...1.
    package var confidence: Double

    package init(
        utterance: Int, text: String, words: [Word], range: Range<Int>, language: String, confidence: Double
    ) {
        self.utterance = utterance
        self.text = text
        self.words = words
        self.range = range
        self.language = language
        self.confidence = confidence
    }
}

/// Work that a session wants done. The answer goes back by the method of the same name.
package enum CaptionWork: Sendable {
    /// Is there speech? Answer with ``CaptionSession/detected(_:)``.
    case detect(DetectionRequest)
    /// Write the text of a window. Answer with ``CaptionSession/recognized(_:as:)``.
    case recognize(RecognitionWork)
    /// The work with this ``RecognitionWork/id`` is not wanted any longer; its answer, if there is one, does nothing.
    case withdraw(Int)
    /// Tell this.
    case tell(CaptionEvent)
}
