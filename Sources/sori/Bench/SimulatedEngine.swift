import Recognition
import Streaming
import Synchronization
internal import Whisper
import WhisperRecognition
import WhisperText

/// The real engine, and how long its work takes. What was asked for before is not computed again.
final class SimulatedEngine: Sendable {
    private struct Known: Sendable {
        var results: [RequestKey: RecognitionResult] = [:]
        var detections: [RequestKey: SpeechDetection] = [:]
    }

    private let recognizer: WhisperRecognizer
    private let detector: WhisperDetector
    /// As long as it really took, without.
    private let costs: EngineCosts?
    private let keepsWindows: Bool
    private let known = Mutex(Known())

    /// - Parameters:
    ///   - detector: name of the model that tells speech from other sound.
    ///   - lanes: windows that are really computed at the same time; with measured times one.
    ///   - keepsWindows: whether a live window uses what the one before has left.
    init(_ engine: EngineOptions, detector: String, lanes: Int, costs: EngineCosts?, keepsWindows: Bool) throws {
        recognizer = try WhisperRecognizer(model: engine.loadModel(), lanes: lanes)
        self.detector = try WhisperDetector(model: engine.loadModel(detector, on: "cpu"), lanes: lanes)
        self.costs = costs
        self.keepsWindows = keepsWindows
    }

    var tokenizer: Tokenizer { recognizer.model.tokenizer }

    /// Whether there is speech, and the seconds that it takes to tell.
    func detect(_ request: DetectionRequest) async throws -> (SpeechDetection, seconds: Double) {
        guard let costs else {
            let start = ContinuousClock.now
            return (try await detector.detect(request), (ContinuousClock.now - start) / .seconds(1))
        }
        let key = RequestKey(request)
        if let detection = known.withLock({ $0.detections[key] }) { return (detection, costs.detection) }
        let detection = try await detector.detect(request)
        known.withLock { $0.detections[key] = detection }
        return (detection, costs.detection)
    }

    /// The text of a window, with the seconds of work that it takes.
    func recognize(_ request: RecognitionRequest) async throws -> RecognitionResult {
        var request = request
        if !keepsWindows { request.place = nil }
        guard let costs else { return try await recognizer.recognize(request) }
        let key = RequestKey(request)
        if let result = known.withLock({ $0.results[key] }) { return result }
        var result = try await recognizer.recognize(request)
        result.work = costs.seconds(for: request, result)
        known.withLock { [result] in $0.results[key] = result }
        return result
    }

    /// Finishes what was asked for.
    func drain() async {
        await recognizer.drain()
        await detector.drain()
    }
}

/// What a request is known by: two hashes, since the sound of hours would take too much room.
private struct RequestKey: Hashable {
    private let hashes: [Int]

    init(_ request: DetectionRequest) {
        hashes = (0..<2).map { seed in
            var hasher = Hasher()
            hasher.combine(seed)
            hasher.combine(request.language)
            request.samples.withUnsafeBytes { hasher.combine(bytes: $0) }
            return hasher.finalize()
        }
    }

    init(_ request: RecognitionRequest) {
        hashes = (0..<2).map { seed in
            var hasher = Hasher()
            hasher.combine(seed)
            request.samples.withUnsafeBytes { hasher.combine(bytes: $0) }
            hasher.combine("\(request.options) \(request.context) \(request.prefix)")
            hasher.combine(request.attentionThreshold)
            return hasher.finalize()
        }
    }
}
