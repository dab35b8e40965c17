import ArgumentParser
import Foundation
import Measuring
import Scoring
import Streaming
import Terminal
import Whisper
import WhisperRecognition
import WhisperText

struct BenchRecordingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings",
        abstract: "Measure how right and how fast recordings are written down, with the speech gate and without.",
        discussion: """
            Each recording is decoded twice on one lane: where the gate finds speech, and all of it. Prints errors (words
            for English, characters for Korean and Japanese), seconds of work, and text that stands twice and was spoken
            once. Recordings with pauses are made of the short ones, with 2 to 40 s between them.

            EXAMPLES
              sori bench recordings --manifest ../shared/speech/manifest.jsonl
              sori bench recordings --kinds streams pauses --languages ko --text
            """)

    /// Which recordings are measured.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case clips, streams, pauses
    }

    @OptionGroup var engine: EngineOptions

    @Option(help: "A list of recordings: JSON lines with path, language and text; language none is no speech.")
    var manifest = "../shared/speech/manifest.jsonl"

    @Option(parsing: .upToNextOption, help: "Languages to measure.")
    var languages = ["en", "ko", "ja", "none"]

    @Option(parsing: .upToNextOption, help: "clips, streams (long recordings) and pauses.")
    var kinds = Kind.allCases

    @Option(help: "The most recordings of a kind and language.")
    var limit = Int.max

    @Option(help: "Silence after the last window of a recording, in steps of 20 ms; full fills 30 s.")
    var margin = Margin.full

    @Option(help: "The language that the decoder is told, instead of the recording's; auto hears which it is.")
    var spoken: String?

    @Flag(help: "Decode with the gate only.")
    var gateOnly = false

    @Flag(inversion: .prefixedNo, help: "Let the model write times between segments.")
    var timestamps = true

    @Flag(help: "Print every text.")
    var text = false

    func run() async throws {
        engine.startLog()
        do {
            try await measure()
        } catch {
            throw failed(error)
        }
    }

    private func measure() async throws {
        let recognizer = try WhisperRecognizer(model: engine.loadModel(), lanes: 1)
        let detector = try WhisperDetector(model: engine.loadModel("tiny.en", on: engine.device))
        let manifest = try SpeechManifest(manifest)
        try StandardOutput.print(
            "kind     lang   count  minutes   errors: gate    all   work, s: gate     all   twice: gate  all")
        for kind in kinds {
            for language in languages {
                if language == "none", kind != .clips { continue }
                let clips = try clips(of: kind, language: language, in: manifest)
                guard !clips.isEmpty else { continue }
                let bar = ProgressBar(
                    ProgressState(
                        label: "\(kind.rawValue) \(language)", unit: .audioSeconds,
                        total: clips.reduce(0) { $0 + $1.seconds }))
                var sums = (gate: RecordingScore(), all: RecordingScore())
                for clip in clips {
                    sums.gate.add(try await read(clip, gated: true, recognizer, detector), of: clip)
                    if !gateOnly { sums.all.add(try await read(clip, gated: false, recognizer, detector), of: clip) }
                    bar.update { $0.completed += clip.seconds }
                }
                bar.finish()
                try show(kind, language, clips, sums)
            }
        }
    }

    private func clips(of kind: Kind, language: String, in manifest: SpeechManifest) throws -> [SpeechClip] {
        let clips = try manifest.clips(
            language: language, limit: kind == .pauses ? .max : limit, streams: kind == .streams
        ).filter { !$0.split.contains("babble") && !$0.split.contains("song") }
        guard kind == .pauses else { return clips }
        return Array(SpeechClip.withPauses(clips).prefix(limit))
    }

    private func read(
        _ clip: SpeechClip, gated: Bool, _ recognizer: WhisperRecognizer, _ detector: WhisperDetector
    ) async throws -> (text: String, work: Double) {
        var options = DecodingOptions()
        let language = spoken ?? (clip.language == "none" ? "auto" : clip.language)
        options.language = language == "auto" ? nil : language
        options.margin = margin.positions
        options.timestamps = timestamps
        let given = GivenText(options)
        let start = ContinuousClock.now
        let speech =
            gated ? try await RecordedSpeech(of: clip.samples, detector: detector) : nil
        let transcript = try await recognizer.transcribe(
            clip.samples, spoken: speech?.ranges, options: options,
            isBelieved: { speech?.believes($0, given: given) ?? true })
        if text { try StandardOutput.print("  \(clip.path) \(gated ? "gate" : "all "): \(transcript.text)") }
        return (transcript.text, (ContinuousClock.now - start) / .seconds(1))
    }

    private func show(
        _ kind: Kind, _ language: String, _ clips: [SpeechClip], _ sums: (gate: RecordingScore, all: RecordingScore)
    ) throws {
        let minutes = clips.reduce(0) { $0 + $1.seconds } / 60
        func errors(_ score: RecordingScore) -> String {
            language == "none"
                ? "\(score.letters) let."
                : String(format: "%.2f %%", score.errors[.init(language: language)].rate * 100)
        }
        let head =
            kind.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
            + language.padding(toLength: 5, withPad: " ", startingAt: 0)
        try StandardOutput.print(
            head + String(format: "%7d%9.1f", clips.count, minutes) + errors(sums.gate).leftPadded(to: 15)
                + errors(sums.all).leftPadded(to: 9) + String(format: "%14.1f%8.1f", sums.gate.work, sums.all.work)
                + String(format: "%14d%5d", sums.gate.repeats.count, sums.all.repeats.count))
        for line in sums.gate.repeats { try StandardOutput.print("  twice: \(line)") }
    }
}

/// What came of the recordings of a kind.
private struct RecordingScore {
    var errors = TextErrors()
    var letters = 0
    var work = 0.0
    var repeats: [String] = []

    mutating func add(_ reading: (text: String, work: Double), of clip: SpeechClip) {
        work += reading.work
        letters += reading.text.count { $0.isLetter }
        guard clip.language != "none" else { return }
        errors += TextErrors(reading.text, of: clip)
        if let run = RepeatedRuns.first(in: reading.text, of: clip) { repeats.append("\(clip.path): \(run)") }
    }
}
