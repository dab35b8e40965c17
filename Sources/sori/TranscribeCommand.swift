public import ArgumentParser
import Foundation
import Models
import Subtitles
import Whisper
public import WhisperText

struct TranscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcribe",
        abstract: "Write down recordings.",
        discussion: """
            Reads wav, flac, ogg, opus and mp3, and whatever else ffmpeg can read if that is installed. Text goes to
            standard output, or to a file for each recording with --output-dir. Ctrl-C keeps what is done.

            Only speech is decoded: silence, noise and music cost no time and bring no text. Songs need --no-gate.
            Subtitles are cut to two lines of 42 columns and at most 7 s, at the ends of sentences and at pauses.

            EXAMPLES
              sori transcribe talk.flac
              sori transcribe talk.flac --language ko --format srt > talk.srt
              sori transcribe *.mp3 --format vtt --output-dir subtitles
              sori transcribe song.ogg --no-gate --task translate --word-timestamps --format json
              sori transcribe film.mkv --format srt --max-line-width 32 --max-line-count 1
              ffmpeg -i film.mkv -f wav - | sori transcribe -
            """)

    @Argument(help: "Recordings; - is standard input.")
    var files: [String]

    @OptionGroup var engine: EngineOptions

    @Option(help: "Spoken language, such as ko, en-US or Korean; auto hears which it is.")
    var language = "auto"

    @Option(help: "transcribe writes what is said, translate what it means in English.")
    var task = DecodingOptions.Task.transcribe

    @Option(help: "Text that precedes the recording: names, spelling and style to follow.")
    var prompt: String?

    @Option(help: "Words that are likely to be said.")
    var hotwords: String?

    @Option(help: "What to write: text, json, srt, vtt or tsv.")
    var format = TranscriptFormat.text

    @Flag(help: "Give every word a time (seen in json).")
    var wordTimestamps = false

    @Option(help: "Continuations that beam search follows; 1 is greedy, and quickest.")
    var beams = 1

    @Option(
        help: "Temperatures to try in turn while a text looks wrong; 0 alone tries once and leaves nothing to chance.")
    var temperatures = Temperatures(values: DecodingOptions().temperatures)

    @Flag(help: "Decode all of the sound, not only where somebody speaks.")
    var noGate = false

    @Option(help: "Model that tells speech from other sound.")
    var detector = "tiny.en"

    @Option(help: "Columns of a line of subtitles; Hangul, kana and Han characters take two.")
    var maxLineWidth = CueStyle().lineWidth

    @Option(help: "Lines of a subtitle.")
    var maxLineCount = CueStyle().lineCount

    @Flag(help: "Leave subtitles as long as the model makes them.")
    var noCut = false

    @Option(help: "Silence after the last window of a recording, in steps of 20 ms; full fills 30 s.")
    var margin = Margin.full

    @Option(help: "Recordings that are worked on at the same time; by default one for each core.")
    var lanes: Int?

    @Option(help: "Threads of each lane; by default the cores are shared among the lanes.")
    var threads: Int?

    @Option(help: "Folder for the results, one file for each recording.")
    var outputDir: String?

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        if let lanes, lanes < 1 { throw ValidationError("--lanes takes a number from 1 on") }
        if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1 on") }
        if !(1...16).contains(beams) { throw ValidationError("--beams takes a number from 1 to 16") }
        if !(8...1000).contains(maxLineWidth) {
            throw ValidationError("--max-line-width takes a number from 8 to 1000")
        }
        if !(1...10).contains(maxLineCount) { throw ValidationError("--max-line-count takes a number from 1 to 10") }
        if files.filter({ $0 == "-" }).count > 1 { throw ValidationError("standard input can be read only once") }
        try LanguageChoice.validate(language)
    }

    func run() async throws {
        engine.startLog()
        // Loading a model takes a while.
        Interrupt.endsAtOnce()
        do {
            let output = try TranscriptOutput(format: format, style: style, directory: outputDir, files: files)
            let transcription = Transcription(
                files: files, options: options, laneCount: lanes, threadCount: threads, output: output, isQuiet: quiet)
            let model = try engine.loadModel()
            let small = noGate ? nil : try detectorModel()
            if let remark = options.cutWords(for: model.tokenizer) { complain(remark) }
            let (failures, wasInterrupted) = try await Interrupt.watching {
                try await transcription.run(model: model, detector: small)
            }
            if wasInterrupted { throw ExitCode(Interrupt.exitCode) }
            if failures > 0 { throw ExitCode.failure }
        } catch {
            throw failed(error)
        }
    }

    /// How subtitles are cut; `nil` for formats that are not, or where that is not wanted.
    private var style: CueStyle? {
        guard !noCut, format == .srt || format == .vtt || format == .tsv else { return nil }
        var style = CueStyle()
        (style.lineWidth, style.lineCount) = (maxLineWidth, maxLineCount)
        return style
    }

    /// The model that finds speech. Without it recordings can be written down all the same.
    private func detectorModel() throws -> Model? {
        do {
            // Small enough for a core, wherever the other model is: so a GPU has one user.
            return try engine.loadModel(detector, on: "cpu")
        } catch let error as ModelsError where error.code == .notInstalled {
            complain("silence is decoded too, because there is no model '\(detector)': `sori models pull \(detector)`")
            return nil
        }
    }

    private var options: DecodingOptions {
        var options = DecodingOptions()
        options.language = LanguageChoice(language)?.code
        options.task = task
        options.prompt = prompt
        options.hotwords = hotwords
        options.wordTimestamps = wordTimestamps || style != nil
        options.beams = beams
        options.temperatures = temperatures.values
        options.margin = margin.positions
        return options
    }
}

extension DecodingOptions.Task: ExpressibleByArgument {}
extension TranscriptFormat: ExpressibleByArgument {}

/// Numbers with commas between them.
struct Temperatures: ExpressibleByArgument, CustomStringConvertible {
    let values: [Float]

    init(values: [Float]) { self.values = values }

    init?(argument: String) {
        values = argument.split(separator: ",").compactMap { Float($0) }.filter { (0...2).contains($0) }
        if values.isEmpty || values.count != argument.split(separator: ",", omittingEmptySubsequences: false).count {
            return nil
        }
    }

    var description: String { values.map { $0 == 0 || $0 == 1 ? "\(Int($0))" : "\($0)" }.joined(separator: ",") }
    var defaultValueDescription: String { description }
}

/// How much silence follows the sound of a window.
struct Margin: ExpressibleByArgument, CustomStringConvertible {
    /// Steps of 20 ms; `nil` fills the window up to 30 s.
    let positions: Int?

    static let full = Margin(positions: nil)

    private init(positions: Int?) { self.positions = positions }

    init?(argument: String) {
        if argument == "full" {
            self = .full
        } else if let positions = Int(argument), (0...1500).contains(positions) {
            self.init(positions: positions)
        } else {
            return nil
        }
    }

    var description: String { positions.map { "\($0)" } ?? "full" }
    var defaultValueDescription: String { description }
}
