import ArgumentParser
import Foundation
import Measuring
import SoriProtocol
import Terminal

struct BenchStreamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Measure live captions of a running server: right words, how soon, at what cost.",
        discussion: """
            Plays recordings in real time over WebSockets, as many at once as asked for, to a server that is started for it.
            Latencies are from the moment at which a word's last sample was sent (the word's end in the recording decoded as
            a whole) to the moment at which its text came.

            EXAMPLES
              sori bench stream --languages ko --limit 10
              sori bench stream --streams --sessions 4 --json figures.json --html report.html
              sori bench stream --streams --seconds 60 --baseline figures.json
              sori bench stream --server ws://127.0.0.1:8080/v1/listen --policy local-agreement
            """)

    @OptionGroup var engine: EngineOptions

    @OptionGroup var recordings: RecordingOptions

    @Option(help: "Recordings played at once; the first ones start spread over two seconds.")
    var sessions = 1

    @Option(help: "alignatt, local-agreement or sliding-window; the server's choice without.")
    var policy: ClientMessage.Policy?

    @Option(help: ArgumentHelp("A server that runs already, with the same model.", valueName: "url"))
    var server: String?

    @OptionGroup(title: "Report") var report: ReportOptions

    func validate() throws {
        if sessions < 1 { throw ValidationError("--sessions takes a number from 1 on") }
    }

    func run() async throws {
        engine.startLog()
        do {
            let clips = try recordings.clips()
            // Before there is a server, so that it has the machine to itself.
            let readings = try await OfflineReadings(engine).of(clips)
            var trial = Trial.here(
                "Sori", model: engine.model, sessions: sessions, settings: policy.map { ["policy": $0.rawValue] } ?? [:]
            )
            if let server {
                trial.recordings = try await play(clips, url: server)
            } else {
                let arguments = ["--model", engine.model, "--device", engine.device]
                try await ServerProcess.with(arguments) { process in
                    try await warmUp(clips, url: process.url)
                    (trial.recordings, trial.usage) = try await process.usage {
                        try await play(clips, url: process.url)
                    }
                }
            }
            try report.deliver(Report(trial, of: clips, readings), trial)
        } catch {
            throw failed(error)
        }
    }

    /// The first words take longer: the server warms up while it listens already.
    private func warmUp(_ clips: [SpeechClip], url: String) async throws {
        guard let clip = clips.first?.part(from: 0, seconds: 3) else { return }
        let language = recordings.language(of: clip)
        _ = try await LiveTrial(url: url, policy: policy).run(clip, language: language, onProgress: { _ in })
    }

    private func play(_ clips: [SpeechClip], url: String) async throws -> [Trial.Recording] {
        let total = clips.map(\.seconds).reduce(0, +)
        let bar = ProgressBar(ProgressState(label: "playing", unit: .audioSeconds, total: total))
        defer { bar.finish() }
        let outcomes = try await LiveTrial(url: url, policy: policy).run(
            clips, language: recordings.language, sessions: sessions
        ) { seconds in bar.update { $0.completed += seconds } }
        return try zip(clips, outcomes).map { clip, outcome in
            switch outcome {
            case .heard(let trace): return Trial.Recording(clip, trace)
            case .refused(let reason): throw CommandError("\(reason) (sori bench capacity shows how many have room)")
            }
        }
    }
}
