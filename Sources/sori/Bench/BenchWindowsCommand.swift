import ArgumentParser
import Audio
import Foundation
import Measuring
import Recognition
import Scoring
import Terminal
import Whisper
import WhisperRecognition
import WhisperText

struct BenchWindowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "windows",
        abstract: "Measure the accuracy of short windows against the length of their silent margin.",
        discussion: """
            Recordings are cut into windows, each is decoded alone and without context, and the texts are joined: words at
            the cuts are lost for every margin alike. Prints WER for English and CER for other languages.

            EXAMPLES
              sori bench windows --manifest ../shared/speech/manifest.jsonl --limit 40
              sori bench windows --manifest my.jsonl --seconds 2 --margins 64
            """)

    @OptionGroup var engine: EngineOptions

    @Option(help: "A list of recordings: JSON lines with path, language, text and seconds.")
    var manifest: String

    @Option(parsing: .upToNextOption, help: "Lengths of windows in seconds.")
    var seconds: [Int] = [2, 3, 5, 8]

    @Option(parsing: .upToNextOption, help: "Margins in positions of 20 ms.")
    var margins: [Int] = [0, 16, 32, 64, 128]

    @Option(parsing: .upToNextOption, help: "Languages to measure.")
    var languages = ["en", "ko", "ja"]

    @Option(help: "The most recordings of a language.")
    var limit = 40

    func run() async throws {
        engine.startLog()
        do {
            let model = try engine.loadModel()
            let cores = ProcessInfo.processInfo.activeProcessorCount
            let recognizer = try WhisperRecognizer(model: model, lanes: cores, queueLimit: 10_000)
            try StandardOutput.print(
                "model \(engine.model), weights \(model.plan), at most \(limit) recordings a language")
            for language in languages {
                let clips = try SpeechManifest(manifest).clips(language: language, limit: limit)
                guard !clips.isEmpty else { continue }
                let minutes = clips.reduce(0) { $0 + Double($1.samples.count) } / Double(Transcriber.sampleRate) / 60
                try StandardOutput.print(
                    "\n\(language): \(clips.count) recordings, \(String(format: "%.1f", minutes)) minutes")
                try StandardOutput.print("window  " + margins.map { "margin \($0)".leftPadded(to: 12) }.joined())
                for length in seconds {
                    var cells = ""
                    for margin in margins {
                        let rate = try await errorRate(clips, seconds: length, margin: margin, recognizer)
                        cells += String(format: "%.1f %%", rate.rate * 100).leftPadded(to: 12)
                    }
                    try StandardOutput.print("\(length) s".leftPadded(to: 6) + "  " + cells)
                }
            }
        } catch {
            throw failed(error)
        }
    }

    private func errorRate(
        _ clips: [SpeechClip], seconds: Int, margin: Int, _ recognizer: WhisperRecognizer
    ) async throws -> ErrorRate {
        try await withThrowingTaskGroup(of: ErrorRate.self) { group in
            for clip in clips {
                group.addTask {
                    var text: [String] = []
                    for window in clip.samples.windows(of: seconds * Transcriber.sampleRate) {
                        var options = DecodingOptions()
                        options.language = clip.language
                        options.timestamps = false
                        options.temperatures = [0]
                        options.margin = margin
                        let request = RecognitionRequest(samples: window, options: options)
                        text.append(try await recognizer.recognize(request).text)
                    }
                    return TextErrors(text.joined(separator: " "), of: clip)[TextErrors.Unit(language: clip.language)]
                }
            }
            return try await group.reduce(.zero, +)
        }
    }
}

extension [Float] {
    /// Consecutive stretches; a last one shorter than 0.2 s is joined to the one before.
    func windows(of length: Int) -> [[Float]] {
        var windows = stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min(count, $0 + length)]) }
        if windows.count > 1, let last = windows.last, last.count < Transcriber.sampleRate / 5 {
            windows.removeLast()
            windows[windows.count - 1] += last
        }
        return windows
    }
}
