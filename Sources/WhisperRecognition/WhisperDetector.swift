public import Recognition
public import Whisper

/// Detects speech with a small Whisper model: its encoder and one row of its decoder, no text.
public final class WhisperDetector: SpeechDetector {
    private let lanes: LanePool<Transcriber>
    private let laneCount: Int
    private let identity: ModelIdentity
    private let device: String
    private let thresholds: DetectorThresholds

    /// - Parameters:
    ///   - model: a loaded model, the smallest there is.
    ///   - lanes: how many windows are heard at the same time.
    ///   - queueLimit: how many requests may wait.
    ///   - thresholds: where the model draws the line between speech and none.
    /// - Throws: ``RecognitionError`` if the system has no threads left.
    public init(model: Model, lanes: Int = 1, queueLimit: Int = 256, thresholds: DetectorThresholds = .whisperTiny)
        throws
    {
        laneCount = max(lanes, 1)
        identity = ModelIdentity(model)
        device = model.device.name
        self.thresholds = thresholds
        self.lanes = try LanePool(name: "detect", count: lanes, queueLimit: queueLimit) {
            try Transcriber(model: model)
        }
    }

    /// Listens to a window, 2 s of sound at 16 kHz for the calibrated thresholds.
    public func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        try RequestBounds().check(request.samples)
        let probability = try await lanes.submit { engine, _ in
            let seconds = Double(request.samples.count) / Double(Transcriber.sampleRate)
            // The margin that the detector is calibrated with.
            let audio = try engine.encode(request.samples, seconds: seconds, margin: 64)
            return try engine.decoder.noSpeechProbability(of: audio)
        }
        return thresholds.detection(noSpeechProbability: probability, language: request.language)
    }

    /// What detects. The first call reads the model's file for its digest.
    public func describe() async throws(RecognitionError) -> DetectorDescription {
        DetectorDescription(
            model: try await identity.complete(), device: device, lanes: laneCount, thresholds: thresholds)
    }

    /// What the lanes do now and have done so far.
    package var statistics: LaneStatistics { lanes.statistics }

    /// Finishes what was asked for and refuses more.
    public func drain() async {
        await lanes.drain()
    }
}
