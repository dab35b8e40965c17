public import Whisper

/// Detects speech with a small Whisper model: its encoder and one row of its decoder, no text.
public final class WhisperDetector: SpeechDetector {
    private let lanes: LanePool<Transcriber>

    /// - Parameters:
    ///   - model: a loaded model, the smallest there is.
    ///   - lanes: how many windows are heard at the same time.
    ///   - queueLimit: how many requests may wait.
    /// - Throws: ``RecognitionError`` if the system has no threads left.
    public init(model: Model, lanes: Int = 1, queueLimit: Int = 256) throws {
        self.lanes = try LanePool(name: "detect", count: lanes, queueLimit: queueLimit) {
            try Transcriber(model: model)
        }
    }

    /// Listens to a window, 2 s of sound at 16 kHz for the calibrated thresholds.
    public func detect(_ samples: [Float]) async throws -> SpeechDetection {
        try await lanes.submit(DetectionWork(samples: samples))
    }

    /// Finishes what was asked for and refuses more.
    public func drain() async {
        await lanes.drain()
    }
}

private struct DetectionWork: LaneRequest {
    let samples: [Float]

    static func perform(
        _ batch: [LaneItem<DetectionWork>], on engine: Transcriber
    ) throws -> [Result<SpeechDetection, any Error>] {
        batch.map { item in
            Result {
                let seconds = Double(item.request.samples.count) / Double(Transcriber.sampleRate)
                // The margin that the detector is calibrated with.
                let audio = try engine.encode(item.request.samples, seconds: seconds, margin: 64)
                return SpeechDetection(noSpeechProbability: try engine.decoder.noSpeechProbability(of: audio))
            }
        }
    }
}
