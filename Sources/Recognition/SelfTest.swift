internal import Foundation
internal import WhisperText

/// A real decode of a known sound: whether recogniser and detector work, whoever asks for what.
package enum SelfTest {
    /// A second of a falling tone. What it becomes does not matter, that it can be decoded does.
    package static let sound: [Float] = (0..<16_000).map { 0.1 * sin(Float($0) * (0.2 - Float($0) * 2e-6)) }

    /// - Returns: seconds of work.
    /// - Throws: ``RecognitionError`` where the recogniser does not answer, or what it says cannot be: a device that computes
    ///   wrong numbers gives such.
    @discardableResult
    package static func check(_ recognizer: any SpeechRecognizer) async throws(RecognitionError) -> Double {
        var options = DecodingOptions()
        options.language = "en"
        options.temperatures = [0]
        options.timestamps = false
        // Tones easily become long loops; a few tokens say as much.
        options.tokensPerSecond = 0.1
        let result = try await recognizer.recognize(
            RecognitionRequest(samples: sound, options: options, priority: .background))
        guard result.averageLogProbability.isFinite, (0...1).contains(result.noSpeechProbability) else {
            throw RecognitionError(
                .engineFailed, "the recogniser's probabilities are no numbers; choose another --device")
        }
        return result.work
    }

    /// - Throws: ``RecognitionError``, as for a recogniser.
    package static func check(_ detector: any SpeechDetector) async throws(RecognitionError) {
        let detection = try await detector.detect(DetectionRequest(samples: sound))
        guard (0...1).contains(detection.noSpeechProbability) else {
            throw RecognitionError(.engineFailed, "the detector's probability is no number; choose another --device")
        }
    }
}
