import ArgumentParser
import Foundation
import Measuring
import SoriProtocol
import Terminal

struct BenchSoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Let the same sessions listen for hours: do errors, delays or memory grow?",
        discussion: """
            Starts a server, and plays the long recordings to it in real time, round after round, each session its own row
            of them. All rounds have the same sound, so what differs between them came with time. Prints a line a round.

            EXAMPLES
              sori bench soak                                  # four sessions, two hours
              sori bench soak --rounds 3 --minutes 2 --languages ko
              sori bench soak --json soak.json
            """)

    @OptionGroup var engine: EngineOptions

    @Option(help: "A list of recordings: JSON lines with path, language, text and segments.")
    var manifest = "../shared/speech/manifest.jsonl"

    @Option(parsing: .upToNextOption, help: "Languages that are spoken, in turn.")
    var languages = ["en", "ko"]

    @Option(help: "Sessions that speak at once.")
    var sessions = 4

    @Option(help: "Minutes of a round.")
    var minutes = 10.0

    @Option(help: "Rounds.")
    var rounds = 12

    @Option(help: ArgumentHelp("Write the lines as JSON.", valueName: "file"))
    var json: String?

    func validate() throws {
        if sessions < 1 { throw ValidationError("--sessions takes a number from 1 on") }
        if rounds < 1 { throw ValidationError("--rounds takes a number from 1 on") }
        if !(minutes >= 1) { throw ValidationError("--minutes takes a number from 1 on") }
    }

    func run() async throws {
        engine.startLog()
        do {
            let rows = try rows()
            let readings = OfflineReadings(engine)
            var known: [[OfflineReading]] = []
            for row in rows { known.append(try await readings.of(row.clips)) }
            let listening = SoakedSessions(rows: rows, readings: known, model: engine.model)
            let lines = try await ServerProcess.with(["--model", engine.model, "--device", engine.device]) { server in
                try await listen(listening, server)
            }
            if let json { try ReportOptions.write(lines, to: json) }
        } catch {
            throw failed(error)
        }
    }

    /// What each session hears in a round: the recordings of its language, beginning with another one each.
    private func rows() throws -> [SpeechRow] {
        let list = try SpeechManifest(manifest)
        return try (0..<sessions).map { index in
            let language = languages[index % languages.count]
            let clips = try list.clips(language: language, limit: .max, streams: true)
            guard !clips.isEmpty else {
                throw CommandError("\(manifest) has no long recordings of '\(language)'")
            }
            let first = index / languages.count % clips.count
            return SpeechRow(Array(clips[first...] + clips[..<first]), seconds: minutes * 60)
        }
    }

    private func listen(_ listening: SoakedSessions, _ server: ServerProcess) async throws -> [SoakRound] {
        let bar = ProgressBar(
            ProgressState(
                label: "\(sessions) at once", unit: .audioSeconds, total: minutes * 60 * Double(sessions * rounds)))
        defer { bar.finish() }
        try StandardOutput.print(SoakRound.header)
        return try await withThrowingTaskGroup(of: [SoakRound].self) { group in
            group.addTask {
                try await listening.play(to: server, times: rounds) { seconds in bar.update { $0.completed += seconds }
                }
                return []
            }
            group.addTask { try await listening.watch(server, rounds: rounds) { try StandardOutput.print($0.line) } }
            var lines: [SoakRound] = []
            for try await some in group { lines += some }
            return lines
        }
    }
}
