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
            """)

    @OptionGroup var engine: EngineOptions

    @OptionGroup var recordings: RecordingOptions

    @OptionGroup(title: "Machine") var machine: SimulationOptions

    @OptionGroup(title: "Captions") var captions: CaptionOptions

    @OptionGroup(title: "Report") var report: ReportOptions

    func run() async throws {
        engine.startLog()
        do {
            let clips = try recordings.clips()
            let readings = try await OfflineReadings(engine).of(clips)
            let simulation = StreamSimulation(engine: try machine.make(engine))
            var work = SimulatedWork()
            var trial = Trial.here("Sori, simulated", model: engine.model, sessions: 1)
            let bar = ProgressBar(
                ProgressState(label: "simulating", unit: .audioSeconds, total: clips.map(\.seconds).reduce(0, +)))
            defer { bar.finish() }
            for clip in clips {
                var settings = try captions.settings
                settings.language = recordings.language(of: clip)
                let speaker = StreamSimulation.Speaker(samples: clip.samples, settings: settings)
                let (traces, done) = try await simulation.run([speaker]) { seconds in
                    bar.update { $0.completed += seconds }
                }
                trial.recordings += traces.map { Trial.Recording(clip, $0) }
                work += done
            }
            bar.finish()
            try report.deliver(Report(trial, of: clips, readings), trial)
            try StandardOutput.print(work.line(seconds: clips.map(\.seconds).reduce(0, +)))
        } catch {
            throw failed(error)
        }
    }
}

extension Trial.Recording {
    /// A recording, and what was told of it.
    init(_ clip: SpeechClip, _ trace: CaptionTrace) {
        self.init(path: clip.path, language: clip.language, from: clip.from, seconds: clip.seconds, trace: trace)
    }
}
