internal import WhisperText

/// What a result can be. What comes from another process is checked before it is believed.
package enum ResultBounds {
    /// - Throws: ``RecognitionError/Code/engineFailed`` for a result that no model gives.
    package static func check(_ result: RecognitionResult, for model: ModelDescription) throws(RecognitionError) {
        let probabilities =
            [result.noSpeechProbability] + result.tokens.map(\.probability) + Array(result.languages.values)
        let isPossible =
            result.tokens.count <= 1000 && result.text.utf8.count <= 100_000
            && result.tokens.allSatisfy { (0..<model.vocabulary).contains($0.id) && $0.attendedAt?.isFinite ?? true }
            && probabilities.allSatisfy { (0...1.001).contains($0) }
            && result.words.allSatisfy { $0.start.isFinite && $0.end.isFinite }
            && (model.languages.contains(result.language) || model.languages.count == 1)
            && result.work.isFinite && result.work >= 0
        guard isPossible else {
            throw RecognitionError(.engineFailed, "the worker's answer is none that its model can give")
        }
    }
}
