import Audio
import Foundation
import Recognition
import Whisper
internal import WhisperText

/// Real models and a real voice, which some tests need and are skipped without.
enum RecordedSpeech {
    /// Whether the base model and the recordings of `scripts/setup` are there.
    static let isReady = has("base") && FileManager.default.fileExists(atPath: recording.path)
    /// Whether the small English model is there as well.
    static let hasDetector = isReady && has("tiny.en")

    /// What is said in ``samples()``.
    static let text = "That agent is already logged on. Please enter your agent number followed by the pound key."

    /// Five and a half seconds.
    static func samples() throws -> [Float] { try AudioFile.read(recording.path).samples }

    /// A model with the weights that are recommended.
    static func model(_ name: String = "base") throws -> Model {
        try Model(path: models + "/" + name, device: .select("cpu"))
    }

    private static func has(_ model: String) -> Bool {
        FileManager.default.fileExists(atPath: models + "/" + model + "/model.bin")
    }

    private static let environment = ProcessInfo.processInfo.environment
    private static let home =
        environment["SORI_HOME"] ?? (environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share") + "/sori"
    private static let models = environment["SORI_MODELS"] ?? home + "/models"
    private static let recording = URL(filePath: home + "/test-audio/agent-alreadyon.wav")
}

extension RecognitionRequest {
    /// English text without times, decoded once.
    static func english(_ samples: [Float]) -> RecognitionRequest {
        var request = RecognitionRequest(samples: samples)
        request.options.language = "en"
        request.options.timestamps = false
        request.options.temperatures = [0]
        return request
    }
}
