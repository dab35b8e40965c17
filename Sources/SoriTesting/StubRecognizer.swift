package import Recognition
internal import WhisperText

/// A recogniser that does what a test wants, and else writes what ``ScriptedRecognizer`` does.
package struct StubRecognizer: SpeechRecognizer {
    /// What is asked of it; `nil` answers as usual.
    package typealias Answer =
        @Sendable (RecognitionRequest) async throws(RecognitionError) -> RecognitionResult?

    private let base = ScriptedRecognizer()
    private let digit: Character
    private let device: String
    private let lanes: Int
    private let body: Answer

    /// - Parameters:
    ///   - digest: the hexadecimal digit that the digest of its model consists of.
    ///   - device: what computes.
    package init(
        digest: Character = "0", device: String = "CPU", lanes: Int = 2,
        _ body: @escaping Answer = { _ throws(RecognitionError) in nil }
    ) {
        digit = digest
        self.device = device
        self.lanes = lanes
        self.body = body
    }

    package func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        if let answer = try await body(request) { return answer }
        return try await base.recognize(request)
    }

    package func describe() async throws(RecognitionError) -> RecognizerDescription {
        var description = try await base.describe()
        description.model.digest = String(repeating: digit, count: 64)
        description.device = device
        description.lanes = lanes
        description.costs = RecognitionCosts(window: 0.1, finalSecond: 0.05)
        return description
    }
}
