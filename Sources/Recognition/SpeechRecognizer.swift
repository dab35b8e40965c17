/// Turns a window of sound into text. A request carries everything, so any recogniser can serve any window.
///
/// Whatever implements it, in this process or over a socket, passes the same contract test (`RecognizerContract` in
/// `SoriTesting`).
public protocol SpeechRecognizer: Sendable {
    /// Writes the text of one window.
    ///
    /// Cancelling the calling task ends the work before the next token.
    ///
    /// - Throws: ``RecognitionError``; its code says whether the same request may work later.
    func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult

    /// Says what recognises, and how fast.
    ///
    /// - Throws: ``RecognitionError`` where that cannot be found out now.
    func describe() async throws(RecognitionError) -> RecognizerDescription
}

/// Answers: is there speech in this window?
public protocol SpeechDetector: Sendable {
    /// Listens to a window.
    ///
    /// - Throws: ``RecognitionError``; its code says whether the same request may work later.
    func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection

    /// Says what detects.
    ///
    /// - Throws: ``RecognitionError`` where that cannot be found out now.
    func describe() async throws(RecognitionError) -> DetectorDescription
}
