package import Recognition
internal import SoriProtocol

/// A recogniser that works in another process, behind a ``WorkerLink``.
package struct RemoteRecognizer: SpeechRecognizer {
    private let link: WorkerLink

    /// - Parameter link: to a worker's `/v1/recognize`; somebody has to ``WorkerLink/run()`` it.
    package init(_ link: WorkerLink) {
        self.link = link
    }

    /// Writes the text of one window there.
    package func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        try await link.recognize(request)
    }

    /// What the worker said of itself when the connection was opened.
    package func describe() async throws(RecognitionError) -> RecognizerDescription {
        guard let description = link.hello?.recognizer else { throw .notConnected(link.url) }
        return description
    }
}

/// A detector that works in another process, behind a ``WorkerLink``.
package struct RemoteDetector: SpeechDetector {
    private let link: WorkerLink

    /// - Parameter link: to a worker's `/v1/detect`; somebody has to ``WorkerLink/run()`` it.
    package init(_ link: WorkerLink) {
        self.link = link
    }

    /// Listens to a window there.
    package func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        try await link.detect(request)
    }

    /// What the worker said of itself when the connection was opened.
    package func describe() async throws(RecognitionError) -> DetectorDescription {
        guard let description = link.hello?.detector else { throw .notConnected(link.url) }
        return description
    }
}

extension RecognitionError {
    fileprivate static func notConnected(_ url: String) -> RecognitionError {
        RecognitionError(.connectionLost, "no connection to the worker \(url)")
    }
}
