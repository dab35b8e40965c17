package import Recognition
internal import RemoteRecognition
internal import SoriProtocol

/// A recogniser that is many: each window goes to the worker that serves it best, and to another one when that fails.
package struct RoutedRecognizer: SpeechRecognizer {
    private let workers: WorkerPool

    /// - Parameter workers: those at `/v1/recognize`; somebody has to ``WorkerPool/run()`` them.
    package init(_ workers: WorkerPool) {
        self.workers = workers
    }

    /// Writes the text of one window, wherever there is room.
    package func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        if let model = workers.read(\.model) { try RequestBounds().check(request, for: model) }
        return try await workers.perform(request.priority.rawValue, patience(for: request)) {
            link throws(RecognitionError) in
            let result = try await link.recognize(request)
            if let model = link.hello?.recognizer?.model { try ResultBounds.check(result, for: model) }
            return (result, result.work)
        }
    }

    /// A live window that is late is worth little; a final is worth waiting for, and longer than a live window in any case.
    private func patience(for request: RecognitionRequest) -> WorkerPool.Patience {
        switch request.priority {
        case .live: .init(deadline: 4, late: 1)
        case .final, .guess: .init(deadline: 20, late: 3)
        case .background: .init(deadline: 120, late: 20)
        }
    }

    /// The model, and the lanes of all workers that are ready.
    package func describe() async throws(RecognitionError) -> RecognizerDescription {
        let (model, capacity, device) = workers.read { table in
            let devices = Set(table.workers.values.compactMap(\.device)).sorted()
            return (table.model, table.capacity(at: .now), devices.joined(separator: ", "))
        }
        guard let model else { throw RecognitionError(.noWorker, "no worker has been there yet") }
        return RecognizerDescription(
            model: model, device: device, lanes: max(1, capacity?.lanes ?? 1), costs: capacity?.costs)
    }
}

/// A detector that is many.
package struct RoutedDetector: SpeechDetector {
    private let workers: WorkerPool

    /// - Parameter workers: those at `/v1/detect`; somebody has to ``WorkerPool/run()`` them.
    package init(_ workers: WorkerPool) {
        self.workers = workers
    }

    /// Listens to a window, wherever there is room.
    package func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        // Captions wait for the answer: without a detector the sound is soon taken for speech.
        try await workers.perform("detection", .init(deadline: 1.5, late: 0.5)) { link throws(RecognitionError) in
            (try await link.detect(request), 0.02)
        }
    }

    /// The model, and one lane for each worker that is ready.
    package func describe() async throws(RecognitionError) -> DetectorDescription {
        let known = workers.read { table in table.workers.values.compactMap { $0.hello?.detector }.first }
        guard let known else { throw RecognitionError(.noWorker, "no detector has been there yet") }
        return known
    }
}
