package import Recognition
internal import Synchronization
package import WhisperText

/// A recogniser that writes one word, in a language of its own choice. It keeps the contract of all recognisers.
package struct ScriptedRecognizer: SpeechRecognizer {
    /// The language that it hears where none is given.
    package var language: String
    private let asked = AskedOptions()
    private let model: ModelDescription

    package init(language: String = "ko") {
        self.language = language
        model = ModelDescription(
            name: "scripted", digest: String(repeating: "0", count: 64), vocabulary: Tokenizer.bytes.vocabularySize,
            languages: Tokenizer.bytes.languages.map(\.code))
    }

    /// The options of every request so far, in their order.
    package var options: [DecodingOptions] { asked.all }

    package func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        try RequestBounds().check(request, for: model)
        if Task.isCancelled { throw .cancelled }
        asked.add(request.options)
        return Self.word(for: request, language: request.options.language ?? language)
    }

    package func describe() async throws(RecognitionError) -> RecognizerDescription {
        RecognizerDescription(model: model, device: "none", lanes: 2)
    }

    /// One word in all of a window.
    package static func word(for request: RecognitionRequest, language: String) -> RecognitionResult {
        let text = " word"
        let seconds = Double(request.samples.count) / 16_000
        var result = RecognitionResult(
            text: text,
            tokens: text.utf8.map { .init(id: Int($0), probability: 0.9, attendedAt: seconds / 2) },
            words: [Word(text: text, start: 0, end: seconds, probability: 0.9)], language: language,
            averageLogProbability: -0.2, noSpeechProbability: 0, compressionRatio: 1, isComplete: true)
        if request.options.language == nil { result.languages = [language: 0.98] }
        return result
    }
}

private final class AskedOptions: Sendable {
    private let options = Mutex<[DecodingOptions]>([])
    func add(_ asked: DecodingOptions) { options.withLock { $0.append(asked) } }
    var all: [DecodingOptions] { options.withLock { $0 } }
}

/// A detector that takes what is loud for speech.
package struct LoudnessDetector: SpeechDetector {
    package init() {}

    package func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        try RequestBounds().check(request.samples)
        let noSpeech: Float = request.samples.contains { abs($0) > 0.05 } ? 0.1 : 0.95
        return DetectorThresholds.whisperTiny.detection(noSpeechProbability: noSpeech, language: request.language)
    }

    package func describe() async throws(RecognitionError) -> DetectorDescription {
        let model = ModelDescription(
            name: "loudness", digest: String(repeating: "1", count: 64), vocabulary: 1, languages: ["en"])
        return DetectorDescription(model: model, device: "none", lanes: 1, thresholds: .whisperTiny)
    }
}
