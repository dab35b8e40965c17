import ArgumentParser
import Foundation
import Gateway
import Measuring
import Recognition
import SoriProtocol
import Streaming
import Terminal
import WhisperText

struct BenchCapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Measure how many can speak at once before captions come late or get worse.",
        discussion: """
            Plays parts of the long recordings in real time to a server that is started for it, more and more at once, until 95
            of 100 words are not committed within the bound, errors are more than with one session, or the server has no room.
            Each session hears another part, as long as there are enough.

            EXAMPLES
              sori bench capacity
              sori bench capacity --languages ko --bound 1.5 --json capacity.json
              sori bench capacity --sessions 1 8 16 --unlimited --policy local-agreement
              sori bench engine --json > costs.json && sori bench capacity --simulate --costs costs.json
            """)

    @OptionGroup var engine: EngineOptions

    @Option(help: "A list of recordings: JSON lines with path, language, text and segments.")
    var manifest = "../shared/speech/manifest.jsonl"

    @Option(parsing: .upToNextOption, help: "Languages that are spoken, in turn.")
    var languages = ["en", "ko"]

    @Option(help: "Seconds of sound for each session, up to the end of a sentence.")
    var seconds = 60.0

    @Option(parsing: .upToNextOption, help: "How many sessions at once, one run after the other.")
    var sessions = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32]

    @Option(help: "Seconds within which 95 of 100 words are to be committed.")
    var bound = 2.0

    @Option(help: "Points by which the error rate may be above that of one session.")
    var worse = 1.0

    @Option(help: "alignatt, local-agreement or sliding-window; the server's choice without.")
    var policy: ClientMessage.Policy?

    @Flag(help: "Let the server take all, and go on when captions are not good any more.")
    var unlimited = false

    @Flag(name: .customLong("simulate"), help: "Play to sessions in simulated time instead, which all are admitted.")
    var isSimulated = false

    @Option(help: "Windows that the simulated machine recognises at the same time.")
    var lanes = 2

    @OptionGroup(title: "Simulated machine") var machine: SimulationOptions

    @Option(help: ArgumentHelp("Write the curve as JSON.", valueName: "file"))
    var json: String?

    func validate() throws {
        if sessions.isEmpty || sessions.contains(where: { $0 < 1 }) {
            throw ValidationError("--sessions takes numbers from 1 on")
        }
        if !(seconds >= 5) { throw ValidationError("--seconds takes a number from 5 on") }
    }

    func run() async throws {
        engine.startLog()
        do {
            let parts = try parts()
            let simulated = isSimulated ? StreamSimulation(engine: try machine.make(engine), lanes: lanes) : nil
            var alone = FinalsAlone(engine)
            var curve: [CapacityPoint] = []
            try StandardOutput.print(CapacityPoint.header)
            for count in sessions.sorted() {
                let clips = (0..<count).map { parts[$0 % parts.count] }
                let readings = try await OfflineReadings(engine).of(clips)
                let finals = try await alone.traces(of: clips)
                let (trial, heard) = try await play(clips, simulated)
                let report = Report(trial, of: heard.map { clips[$0] }, heard.map { readings[$0] })
                var expected = trial
                for (index, place) in heard.enumerated() { expected.recordings[index].trace = finals[place] }
                let reference = Report(expected, of: heard.map { clips[$0] }, heard.map { readings[$0] })
                let point = CapacityPoint(sessions: count, report, alone: reference)
                try StandardOutput.print(point.line)
                curve.append(point)
                let isGood = point.isGood(within: bound, worse: worse / 100) && point.admitted == count
                if !isGood, !unlimited { break }
            }
            try StandardOutput.print(conclusion(curve))
            if let json { try ReportOptions.write(curve, to: json) }
        } catch {
            throw failed(error)
        }
    }

    /// Parts of the recordings, of one language after the other.
    private func parts() throws -> [SpeechClip] {
        let list = try SpeechManifest(manifest)
        let parts = try languages.map { language in
            let parts = try list.clips(language: language, limit: .max, streams: true)
                .flatMap { $0.parts(ofAtMost: seconds) }.filter { $0.seconds >= seconds / 2 }
            if parts.isEmpty {
                throw CommandError("\(manifest) has no recordings of '\(language)' longer than \(seconds / 2) s")
            }
            return parts
        }
        return (0..<(parts.map(\.count).max() ?? 0)).flatMap { index in parts.map { $0[index % $0.count] } }
    }

    /// Plays recordings at once.
    ///
    /// - Returns: what came of those that were admitted, and which these are.
    private func play(_ clips: [SpeechClip], _ simulation: StreamSimulation?) async throws -> (Trial, [Int]) {
        if let simulation { return try await simulate(clips, simulation) }
        var trial = Trial.here(
            "Sori", model: engine.model, sessions: clips.count,
            settings: policy.map { ["policy": $0.rawValue] } ?? [:])
        let bar = ProgressBar(
            ProgressState(
                label: "\(clips.count) at once", unit: .audioSeconds, total: clips.map(\.seconds).reduce(0, +)))
        defer { bar.finish() }
        let arguments = ["--model", engine.model, "--device", engine.device]
        let environment = unlimited ? ["SORI_SESSIONS_MAX": "10000", "SORI_SESSIONS_MAX_HOP": "0"] : [:]
        let outcomes = try await ServerProcess.with(arguments, environment: environment) { process in
            let live = LiveTrial(url: process.url, policy: policy)
            if let first = clips.first?.part(from: 0, seconds: 3) {
                _ = try await live.run(first, language: first.language, onProgress: { _ in })
            }
            let (outcomes, usage) = try await process.usage {
                // A new one every half a second, as a crowd comes in.
                try await live.run(
                    clips, language: \.language, sessions: clips.count, stagger: Double(clips.count) / 2
                ) { seconds in bar.update { $0.completed += seconds } }
            }
            trial.usage = usage
            return outcomes
        }
        var heard: [Int] = []
        for (index, outcome) in outcomes.enumerated() {
            guard case .heard(let trace) = outcome else { continue }
            heard.append(index)
            trial.recordings.append(.init(clips[index], trace))
        }
        return (trial, heard)
    }

    /// The same in simulated time.
    private func simulate(_ clips: [SpeechClip], _ simulation: StreamSimulation) async throws -> (Trial, [Int]) {
        var trial = Trial.here("Sori, simulated", model: engine.model, sessions: clips.count)
        let total = clips.map(\.seconds).reduce(0, +)
        let bar = ProgressBar(ProgressState(label: "\(clips.count) at once", unit: .audioSeconds, total: total))
        defer { bar.finish() }
        let speakers = clips.enumerated().map { index, clip in
            var settings = CaptionSettings()
            settings.language = clip.language
            if let policy { settings.policy = CaptionSettings.Policy(policy) }
            return StreamSimulation.Speaker(samples: clip.samples, settings: settings, delay: Double(index) / 2)
        }
        let (traces, work) = try await simulation.run(speakers) { seconds in bar.update { $0.completed += seconds } }
        trial.recordings = zip(clips, traces).map { Trial.Recording($0, $1) }
        trial.usage = Trial.Usage(
            cpuSeconds: work.total, residentBefore: 0, residentPeak: 0, wallSeconds: total / Double(clips.count),
            liveWindows: work.liveWindows)
        return (trial, Array(clips.indices))
    }

    private func conclusion(_ curve: [CapacityPoint]) -> String {
        let good = curve.last { $0.isGood(within: bound, worse: worse / 100) }
        let limits = String(
            format: "95 of 100 words committed within %.1f s, errors within %.1f points of one session", bound, worse)
        guard let good else { return "No session had \(limits)." }
        var text = "\(good.admitted) sessions at once had \(limits)."
        if let refused = curve.first(where: { $0.admitted < $0.sessions }) {
            text += " Of \(refused.sessions) the server told \(refused.sessions - refused.admitted) to come back later."
        }
        if !isSimulated, let first = curve.first, good.admitted > first.admitted,
            let before = first.cost?.residentPeak, let after = good.cost?.residentPeak
        {
            let each = Double(after - before) / Double(good.admitted - first.admitted) / 1e6
            text += String(format: " A further session took %.1f MB.", each)
        }
        return text
    }
}

/// The finals of a session that has the machine to itself. They do not depend on when windows come, so none are made.
private struct FinalsAlone {
    private let engine: EngineOptions
    private var known: [String: CaptionTrace] = [:]

    init(_ engine: EngineOptions) {
        self.engine = engine
    }

    mutating func traces(of clips: [SpeechClip]) async throws -> [CaptionTrace] {
        let missing = clips.filter { known[key($0)] == nil }
        if !missing.isEmpty {
            let simulation = StreamSimulation(
                engine: try SimulatedEngine(engine, detector: "tiny.en", lanes: 1, costs: nil, keepsWindows: true))
            var settings = CaptionSettings()
            settings.windows.hop = 1000
            let total = missing.map(\.seconds).reduce(0, +)
            let bar = ProgressBar(ProgressState(label: "one alone", unit: .audioSeconds, total: total))
            defer { bar.finish() }
            for clip in missing where known[key(clip)] == nil {
                settings.language = clip.language
                let speaker = StreamSimulation.Speaker(samples: clip.samples, settings: settings)
                let (traces, _) = try await simulation.run([speaker]) { seconds in
                    bar.update { $0.completed += seconds }
                }
                known[key(clip)] = traces[0]
            }
            await simulation.engine.drain()
        }
        return clips.compactMap { known[key($0)] }
    }

    private func key(_ clip: SpeechClip) -> String { "\(clip.path) \(clip.from)" }
}
