import ArgumentParser
import Measuring

struct BenchReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Score what a system for live captions wrote, Sori or another.",
        discussion: """
            Takes what `sori bench stream --trial` or another system's client wrote while recordings were played to it in real
            time, and scores it as Sori's own captions are scored.

            EXAMPLES
              sori bench report whisperlive.json
              sori bench report sori.json --html sori.html --baseline Benchmarks/baseline.json
            """)

    @OptionGroup var engine: EngineOptions

    @Option(help: "The list of recordings that were played.")
    var manifest = "../shared/speech/manifest.jsonl"

    @OptionGroup var report: ReportOptions

    @Argument(help: "What came when.")
    var file: String

    func run() async throws {
        engine.startLog()
        do {
            let trial: Trial = try ReportOptions.read(file, "a trial, as `sori bench stream --trial` writes it")
            let list = try SpeechManifest(manifest)
            let clips = try trial.recordings.map {
                try list.clip(path: $0.path).part(from: $0.from, seconds: $0.seconds)
            }
            let readings = try await OfflineReadings(engine).of(clips)
            try report.deliver(Report(trial, of: clips, readings), trial)
        } catch {
            throw failed(error)
        }
    }
}
