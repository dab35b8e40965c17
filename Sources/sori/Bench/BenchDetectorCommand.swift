import ArgumentParser
import Foundation
import Measuring
import Recognition
import Scoring
import Terminal
import Whisper
import WhisperRecognition
import WhisperText

struct BenchDetectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detector",
        abstract: "Measure how well models tell speech from other sound.",
        discussion: """
            Windows of 2 s from recordings of speech (those with sound in them) and of everything else. Prints the area
            under the ROC curve, and for some thresholds the share of speech and of other sound that passes.

            EXAMPLES
              sori bench detector --model tiny.en --manifest ../shared/speech/manifest.jsonl
              sori bench detector --model base --score log-probability --manifest ../shared/speech/manifest.jsonl
            """)

    /// What a window is judged by.
    enum Score: String, ExpressibleByArgument {
        case noSpeech = "no-speech"
        case logProbability = "log-probability"
    }

    @OptionGroup var engine: EngineOptions

    @Option(help: "A list of recordings: JSON lines with path, language and text; language none is no speech.")
    var manifest: String

    @Option(help: "no-speech (one row of the decoder) or log-probability (the average of the decoded text).")
    var score = Score.noSpeech

    @Option(parsing: .upToNextOption, help: "Languages to measure.")
    var languages = ["en", "ko", "ja"]

    @Option(help: "The most recordings of a language.")
    var limit = 100

    func run() async throws {
        engine.startLog()
        do {
            let model = try engine.loadModel()
            let cores = ProcessInfo.processInfo.activeProcessorCount
            let recognizer = try WhisperRecognizer(model: model, lanes: cores, queueLimit: 10_000)
            let detector = try WhisperDetector(model: model, lanes: cores, queueLimit: 10_000)
            // Singing and talk are speech of a kind, and are no test of silence.
            let other = try SpeechManifest(manifest).clips(language: "none", limit: .max).filter {
                !$0.split.contains("babble") && !$0.split.contains("song")
            }
            try StandardOutput.print("model \(engine.model), \(score.rawValue), windows of 2 s, margin 64")
            for language in languages {
                let speech = try SpeechManifest(manifest).clips(language: language, limit: limit)
                guard !speech.isEmpty else { continue }
                let positives = try await scores(speech, language, onlyLoud: true, recognizer, detector)
                let negatives = try await scores(other, language, onlyLoud: false, recognizer, detector)
                guard let roc = ReceiverOperatingCharacteristic(positives: positives, negatives: negatives) else {
                    continue
                }
                try StandardOutput.print(
                    "\n\(language): \(positives.count) windows of speech, \(negatives.count) of other sound, area "
                        + String(format: "%.3f", roc.area))
                try StandardOutput.print(" threshold   speech passes   other passes")
                for threshold in thresholds {
                    let bar = score == .noSpeech ? 1 - threshold : threshold
                    try StandardOutput.print(
                        String(
                            format: "%10.2f %13.1f %% %13.1f %%", threshold, roc.truePositiveRate(at: bar) * 100,
                            roc.falsePositiveRate(at: bar) * 100))
                }
            }
        } catch {
            throw failed(error)
        }
    }

    private var thresholds: [Double] {
        score == .noSpeech ? [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95] : [-0.6, -0.8, -1, -1.2, -1.5]
    }

    /// Scores of all windows; higher means speech.
    private func scores(
        _ clips: [SpeechClip], _ language: String, onlyLoud: Bool, _ recognizer: WhisperRecognizer,
        _ detector: WhisperDetector
    ) async throws -> [Double] {
        let score = score
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for clip in clips {
                group.addTask {
                    var scores: [Double] = []
                    let length = 2 * Transcriber.sampleRate
                    for window in clip.samples.windows(of: length) where window.count >= length {
                        if onlyLoud, window.meanSquare < clip.samples.meanSquare / 4 { continue }
                        switch score {
                        case .noSpeech:
                            scores.append(
                                1 - Double(try await detector.detect(.init(samples: window)).noSpeechProbability))
                        case .logProbability:
                            var options = DecodingOptions()
                            options.language = language
                            options.timestamps = false
                            options.temperatures = [0]
                            let request = RecognitionRequest(samples: window, options: options)
                            let result = try await recognizer.recognize(request)
                            scores.append(result.text.isEmpty ? -10 : Double(result.averageLogProbability))
                        }
                    }
                    return scores
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

extension [Float] {
    fileprivate var meanSquare: Float {
        isEmpty ? 0 : reduce(0) { $0 + $1 * $1 } / Float(count)
    }
}
