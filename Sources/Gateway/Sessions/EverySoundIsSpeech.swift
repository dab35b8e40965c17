internal import Recognition

/// Stands in for a detector that was switched off: whatever is loud enough to be asked about is taken for speech.
struct EverySoundIsSpeech: SpeechDetector {
    /// The one that was switched off.
    let detector: any SpeechDetector

    func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        SpeechDetection(noSpeechProbability: 0, isSpeech: true)
    }

    func describe() async throws(RecognitionError) -> DetectorDescription { try await detector.describe() }
}
