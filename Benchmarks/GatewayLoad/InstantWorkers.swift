import Recognition
import WhisperText

/// A recogniser that takes no time, and writes where in the stream its window ends.
///
/// So whoever reads the text knows which sound it is about, and how long ago that was sent.
struct InstantRecognizer: SpeechRecognizer {
    private let model = ModelDescription(
        name: "instant", digest: String(repeating: "0", count: 64), vocabulary: 51_865, languages: ["en"])

    func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        let seconds = Double(request.samples.count) / 16_000
        // A fourteenth of a second a token, as speech has, and all of it too near the end to be settled.
        let text = request.place.map { " heard \($0.start + request.samples.count)" } ?? " heard"
        return RecognitionResult(
            text: text,
            tokens: text.utf8.map { .init(id: Int($0), probability: 0.9, attendedAt: max(0, seconds - 0.3)) },
            words: [Word(text: text, start: 0, end: seconds, probability: 0.9)], language: "en",
            averageLogProbability: -0.2, noSpeechProbability: 0, compressionRatio: 1, isComplete: true)
    }

    func describe() async throws(RecognitionError) -> RecognizerDescription {
        RecognizerDescription(
            model: model, device: "none", lanes: 64, costs: RecognitionCosts(window: 0.0001, finalSecond: 0.0001))
    }
}
