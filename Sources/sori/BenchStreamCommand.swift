import ArgumentParser
import Foundation
import Logging
import Measuring
import Recognition
import SoriProtocol
import Streaming
import Synchronization
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
              sori bench stream --streams --sessions 4
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

    func validate() throws {
        if sessions < 1 { throw ValidationError("--sessions takes a number from 1 on") }
    }

    func run() async throws {
        engine.startLog()
        do {
            for (index, language) in recordings.languages.enumerated() {
                let clips = try recordings.clips(of: language)
                if index == 0 { print(CaptionScore.tableHeader) }
                // Before there is a server, so that it has the machine to itself.
                let readings = try await readings(of: clips)
                if let server {
                    print(try await play(clips, readings, url: server).tableLine(language))
                } else {
                    let arguments = ["--model", engine.model, "--device", engine.device]
                    try await ServerProcess.with(arguments) { process in try await measure(clips, readings, process) }
                }
            }
        } catch {
            complain("\(error)")
            throw ExitCode.failure
        }
    }

    private func readings(of clips: [SpeechManifest.Clip]) async throws -> [OfflineReading] {
        let store = OfflineReadings(model: engine.model)
        var recognizer: WhisperRecognizer?
        var readings: [OfflineReading] = []
        for clip in clips {
            readings.append(
                try await store.reading(
                    of: clip,
                    with: {
                        let made = try recognizer ?? WhisperRecognizer(model: engine.loadModel(), lanes: 1)
                        recognizer = made
                        return made
                    }))
        }
        await recognizer?.drain()
        return readings
    }

    private func measure(
        _ clips: [SpeechManifest.Clip], _ readings: [OfflineReading], _ server: ServerProcess
    ) async throws {
        // Its first words take longer: the server warms up while it listens already.
        let short = clips.prefix(1).map { clip in
            var clip = clip
            clip.samples = Array(clip.samples.prefix(3 * 16_000))
            return clip
        }
        _ = try await play(short, [.silence], url: server.url)
        let before = server.usage
        let peak = PeakMemory()
        let score = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await peak.watch(server) }
            defer { group.cancelAll() }
            return try await play(clips, readings, url: server.url)
        }
        let seconds = server.usage.cpuSeconds - before.cpuSeconds
        print(score.tableLine(clips.first?.language ?? ""))
        print(
            String(
                format: "  %.2f s of processor time for a second of sound; %.0f MB, at most %.0f MB with %d sessions",
                seconds / max(score.seconds, 1), Double(before.resident) / 1e6, Double(peak.bytes) / 1e6,
                sessions))
    }

    /// Plays all recordings, so many at once.
    private func play(
        _ clips: [SpeechManifest.Clip], _ readings: [OfflineReading], url: String
    ) async throws -> CaptionScore {
        let trial = LiveTrial(url: url, policy: policy)
        let total = clips.map(\.seconds).reduce(0, +)
        let bar = ProgressBar(ProgressState(label: "playing", unit: .audioSeconds, total: total))
        defer { bar.finish() }
        return try await withThrowingTaskGroup(of: CaptionScore.self) { group in
            var waiting = zip(clips, readings).makeIterator()
            func addNext(after delay: Double) {
                guard let (clip, reading) = waiting.next() else { return }
                let language = recordings.language(of: clip)
                group.addTask {
                    try await Task.sleep(for: .seconds(delay))
                    let trace = try await trial.run(clip, language: language) { seconds in
                        bar.update { $0.completed += seconds }
                    }
                    let postRoll = SpeechGate.Settings().postRoll
                    return CaptionScore(trace, of: clip, offline: reading, postRoll: postRoll)
                }
            }
            for index in 0..<sessions { addNext(after: 2 * Double(index) / Double(sessions)) }
            var score = CaptionScore()
            for try await one in group {
                score += one
                addNext(after: 0)
            }
            return score
        }
    }
}

/// The most memory that a server had while it was watched.
private final class PeakMemory: Sendable {
    private let most = Mutex(0)

    var bytes: Int { most.withLock { $0 } }

    /// Looks until it is cancelled.
    func watch(_ server: ServerProcess) async {
        repeat {
            let resident = server.usage.resident
            most.withLock { $0 = max($0, resident) }
        } while (try? await Task.sleep(for: .milliseconds(200))) != nil
    }
}
