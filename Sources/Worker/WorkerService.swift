package import Recognition
internal import SoriProtocol

/// What a worker does for others.
package enum WorkerService: Sendable {
    case recognition(any SpeechRecognizer)
    case detection(any SpeechDetector)

    /// Whether it recognises.
    package var isRecognition: Bool { if case .recognition = self { true } else { false } }

    /// The path of its WebSocket.
    package var path: String {
        switch self {
        case .recognition: Self.recognitionPath
        case .detection: Self.detectionPath
        }
    }

    /// Where windows are written down.
    package static let recognitionPath = "/v1/recognize"
    /// Where it is asked whether there is speech.
    package static let detectionPath = "/v1/detect"

    /// What is read from its connections.
    var reads: RequestReader.Service {
        switch self {
        case .recognition: .recognition
        case .detection: .detection
        }
    }

    /// Decodes a known sound.
    ///
    /// - Throws: ``RecognitionError`` where that does not work.
    package func test() async throws(RecognitionError) {
        switch self {
        case .recognition(let recognizer): try await SelfTest.check(recognizer)
        case .detection(let detector): try await SelfTest.check(detector)
        }
    }

    /// Finds out what it is: the first time, the model's file is read for its digest.
    package func describe() async throws(RecognitionError) { _ = try await hello(requests: 0) }

    /// What it says of itself.
    func hello(requests: Int) async throws(RecognitionError) -> WorkerReply.Hello {
        switch self {
        case .recognition(let recognizer): .init(recognizer: try await recognizer.describe(), requests: requests)
        case .detection(let detector): .init(detector: try await detector.describe(), requests: requests)
        }
    }
}
