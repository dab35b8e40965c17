import ArgumentParser
import Foundation
import Measuring
import Streaming
import Terminal

struct BenchSimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Measure live captions in simulated time: right words, and how soon.",
        discussion: """
            Recordings are played to sessions at their pace, on a clock that waits for nothing but the work. Latencies are from
            the end of a word (in the recording decoded as a whole) to its text. With --costs the result is the same on a busy
            machine, and on another one.

            NAMES OF SETTINGS
            \(CaptionKnob.list)

            EXAMPLES
              sori bench simulate --languages en ko --limit 20
              sori bench simulate --streams --set policy=local-agreement hop=0.7 --html report.html
              sori bench engine --json > costs.json && sori bench simulate --streams --costs costs.json
              sori bench simulate --manifest ../shared/speech/manifest.jsonl --languages none --spoken ko
              sori bench simulate --languages none --spoken en --prompt 'Hello everyone, welcome back!' --runs 20
            """)

    @OptionGroup var engine: EngineOptions

    @OptionGroup var recordings: RecordingOptions

    @Option(help: "Play everything so many times, each time 7 ms later, so that frames and windows fall elsewhere.")
    var runs = 1

    @OptionGroup(title: "Machine") var machine: SimulationOptions

    @OptionGroup(title: "Captions") var captions: CaptionOptions

    @OptionGroup(title: "Report") var report: ReportOptions

    func validate() throws {
        if runs < 1 { throw ValidationError("--runs takes a number from 1 on") }
    }

    func run() async throws {
        engine.startLog()
        do {
            let once = try recordings.clips()
            let readings = Array(repeatElement(try await OfflineReadings(engine).of(once), count: runs).joined())
            let clips = Array(repeatElement(once, count: runs).joined())
            let simulation = StreamSimulation(engine: try machine.make(engine))
            var work = SimulatedWork()
            var trial = Trial.here("Sori, simulated", model: engine.model, sessions: 1)
            let bar = ProgressBar(
                ProgressState(label: "simulating", unit: .audioSeconds, total: clips.map(\.seconds).reduce(0, +)))
            defer { bar.finish() }
            for (index, clip) in clips.enumerated() {
                var settings = try captions.settings
                settings.language = recordings.language(of: clip)
                let later = [Float](repeating: 0, count: index / once.count * Self.shift)
                let speaker = StreamSimulation.Speaker(samples: later + clip.samples, settings: settings)
                let (traces, done) = try await simulation.run([speaker]) { seconds in
                    bar.update { $0.completed += seconds }
                }
                trial.recordings += traces.map { Trial.Recording(clip, $0) }
                work += done
            }
            bar.finish()
            try report.deliver(Report(trial, of: clips, readings), trial)
            try StandardOutput.print(work.line(seconds: clips.map(\.seconds).reduce(0, +)))
            let shown = zip(clips, trial.recordings).filter { $0.0.language == "none" }.map(\.1.trace.shownTexts)
            if !shown.isEmpty {
                try StandardOutput.print("live texts without speech: \(shown.reduce(0) { $0 + $1.count })")
                if report.text { for text in shown.joined() { try StandardOutput.print("  \(text)") } }
            }
        } catch {
            throw failed(error)
        }
    }
}

extension BenchSimulateCommand {
    /// Samples by which each run is later than the one before: no whole number of them is a frame.
    private static let shift = 113
}

extension CaptionTrace {
    /// What was shown while something was heard: the last of each utterance that had any text.
    fileprivate var shownTexts: [String] {
        var last: [Int: String] = [:]
        for partial in partials where !(partial.stable + partial.tentative).isEmpty {
            last[partial.utterance] = partial.stable + partial.tentative
        }
        return last.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Trial.Recording {
    /// A recording, and what was told of it.
    init(_ clip: SpeechClip, _ trace: CaptionTrace) {
        self.init(path: clip.path, language: clip.language, from: clip.from, seconds: clip.seconds, trace: trace)
    }
}
