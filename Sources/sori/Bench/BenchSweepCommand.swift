import ArgumentParser
import Foundation
import Measuring
import Streaming
import Terminal

struct BenchSweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Compare settings of captions in simulated time: what is right, what is soon.",
        discussion: """
            Plays the same recordings with every combination of the values. What is asked of the engine twice is computed once.

            NAMES
            \(CaptionKnob.list)

            EXAMPLES
              sori bench engine --json > costs.json
              sori bench sweep --vary hop=0.3,0.5,0.8 --vary threshold=15,25,35 --costs costs.json --streams --seconds 60
              sori bench sweep --vary policy=alignatt,local-agreement --costs costs.json --svg policies.svg
            """)

    @OptionGroup var engine: EngineOptions

    @OptionGroup var recordings: RecordingOptions

    @OptionGroup(title: "Machine") var machine: SimulationOptions

    @Option(
        help: ArgumentHelp("A setting and its values, between commas; may come several times.", valueName: "name=…"))
    var vary: [Variation] = []

    @OptionGroup(title: "Captions") var captions: CaptionOptions

    @Option(help: ArgumentHelp("Write all figures as JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Draw errors of stable text against its latency.", valueName: "file"))
    var svg: String?

    func validate() throws {
        if vary.isEmpty { throw ValidationError("nothing to compare; add --vary hop=0.3,0.5,0.8") }
    }

    func run() async throws {
        engine.startLog()
        do {
            let clips = try recordings.clips()
            let readings = try await OfflineReadings(engine).of(clips)
            let combinations = try Variation.combinations(of: vary, from: try captions.settings)
            let simulated = try machine.make(engine)
            let seconds = clips.map(\.seconds).reduce(0, +)
            let bar = ProgressBar(
                ProgressState(label: "sweeping", unit: .audioSeconds, total: seconds * Double(combinations.count)))
            defer { bar.finish() }
            let points = try await withThrowingTaskGroup(of: (Int, SweepPoint).self) { group in
                var waiting = combinations.enumerated().makeIterator()
                func addNext() {
                    guard let (index, combination) = waiting.next() else { return }
                    group.addTask {
                        (index, try await play(combination, clips, readings, simulated, bar))
                    }
                }
                // Measured times are true only for what has the machine to itself.
                for _ in 0..<(machine.costs == nil ? 1 : ProcessInfo.processInfo.activeProcessorCount) { addNext() }
                var points: [Int: SweepPoint] = [:]
                for try await (index, point) in group {
                    points[index] = point
                    addNext()
                }
                return combinations.indices.compactMap { points[$0] }
            }
            bar.finish()
            await simulated.drain()
            try StandardOutput.print(SweepPoint.table(points))
            if let json { try ReportOptions.write(points, to: json) }
            if let svg { try ReportOptions.write(Data(ParetoPlot(points).svg.utf8), to: svg) }
        } catch {
            throw failed(error)
        }
    }

    private func play(
        _ combination: Variation.Combination, _ clips: [SpeechClip], _ readings: [OfflineReading],
        _ engine: SimulatedEngine, _ bar: ProgressBar
    ) async throws -> SweepPoint {
        var trial = Trial.here("Sori, simulated", model: self.engine.model, sessions: 1)
        var work = SimulatedWork()
        for clip in clips {
            var settings = combination.settings
            settings.language = recordings.language(of: clip)
            let speaker = StreamSimulation.Speaker(samples: clip.samples, settings: settings)
            let (traces, done) = try await StreamSimulation(engine: engine).run([speaker]) { seconds in
                bar.update { $0.completed += seconds }
            }
            trial.recordings += traces.map { Trial.Recording(clip, $0) }
            work += done
        }
        let summary = Report(trial, of: clips, readings).summary
        return SweepPoint(
            name: combination.name, groups: summary.groups,
            workPerSecond: work.total / max(clips.map(\.seconds).reduce(0, +), 1e-3))
    }
}
