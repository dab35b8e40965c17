import ArgumentParser
import Foundation
import Measuring
import Models
import Recognition
import Scoring
import SoriProtocol
import Streaming
import Terminal
import Whisper

struct BenchSimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Measure live captions in simulated time: right words, and how soon.",
        discussion: """
            Each recording is played to a session at its pace, on a clock that waits for nothing but the real work. Latencies
            are from the end of a word (in the recording decoded as a whole) to its text.

            EXAMPLES
              sori bench simulate --manifest ../shared/speech/manifest.jsonl --languages en ko --limit 20
              sori bench simulate --manifest ../shared/speech/manifest.jsonl --streams --policy local-agreement
              sori bench simulate --manifest ../shared/speech/manifest.jsonl --languages none --spoken ko
            """)

    @OptionGroup var engine: EngineOptions

    @OptionGroup var recordings: RecordingOptions

    @Option(help: "The model that tells speech from other sound.")
    var detector = "tiny.en"

    @Option(help: "alignatt, local-agreement or sliding-window.")
    var policy = CaptionSettings.Policy.alignAtt

    @Option(help: "Seconds of new sound between two windows.")
    var hop = PolicySettings().hop

    @Option(help: "Positions of 20 ms before the end within which text is not settled (alignatt).")
    var threshold = PolicySettings().attentionThreshold

    @Option(help: "The same for a young window (alignatt).")
    var youngThreshold = PolicySettings().youngThreshold

    @Option(help: "Seconds of sound below which a window is young (alignatt).")
    var youngWindow = PolicySettings().youngWindow

    @Option(help: "Longest live window in seconds.")
    var longestWindow = PolicySettings().longestWindow

    @Option(help: "What is left of a live window that got too long, in seconds.")
    var trimmedWindow = PolicySettings().trimmedWindow

    @Option(help: "Seconds of silence that end an utterance.")
    var silence = SpeechGate.Settings().silence

    @Option(help: "Seconds of silence after which the whole utterance is decoded, in case it is over.")
    var pause = SpeechGate.Settings().pause

    @Option(help: "Seconds of the utterance before that live windows begin with.")
    var lead = CaptionSettings().lead.live

    @Option(help: "The same of finals.")
    var finalLead = CaptionSettings().lead.final

    @Option(help: "Positions of silence after a live window.")
    var margin = CaptionSettings().margin.live

    @Option(help: "Positions of silence after a whole utterance.")
    var finalMargin = CaptionSettings().margin.final

    @Flag(help: "Print every final, and what was stable text before it.")
    var text = false

    func run() async throws {
        engine.startLog()
        do {
            let recognizer = try WhisperRecognizer(model: engine.loadModel(), lanes: 1)
            let tiny = try Model(path: ModelStore.standard().locate(detector).path, device: Device.select("cpu"))
            let simulation = StreamSimulation(
                recognizer: recognizer, detector: try WhisperDetector(model: tiny), settings: settings)
            print(CaptionScore.tableHeader)
            for language in recordings.languages {
                let clips = try recordings.clips(of: language)
                var total = Total()
                for (index, clip) in clips.enumerated() {
                    try await measure(clip, simulation, into: &total)
                    StandardError.status("\(language) \(index + 1)/\(clips.count)")
                }
                StandardError.status("")
                print(line(language, total))
                if !total.dropped.isEmpty {
                    print(
                        "  dropped: "
                            + total.dropped.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", "))
                }
            }
        } catch {
            complain("\(error)")
            throw ExitCode.failure
        }
    }

    private var settings: CaptionSettings {
        var settings = CaptionSettings()
        settings.policy = policy
        settings.windows.hop = hop
        settings.windows.attentionThreshold = threshold
        settings.windows.youngThreshold = youngThreshold
        settings.windows.youngWindow = youngWindow
        settings.windows.longestWindow = longestWindow
        settings.windows.trimmedWindow = trimmedWindow
        settings.gate.silence = silence
        settings.gate.pause = pause
        settings.lead = (lead, finalLead)
        settings.margin = (margin, finalMargin)
        return settings
    }

    /// All recordings of a language.
    private struct Total {
        var score = CaptionScore()
        var work = StreamSimulation.Work()
        var dropped: [HallucinationGuard.Reason: Int] = [:]
    }

    private func measure(
        _ clip: SpeechManifest.Clip, _ simulation: StreamSimulation, into total: inout Total
    ) async throws {
        var settings = simulation.settings
        settings.language = recordings.language(of: clip)
        let outcome = try await StreamSimulation(
            recognizer: simulation.recognizer, detector: simulation.detector, settings: settings
        ).run(clip.samples)
        let offline = try await OfflineReadings(model: engine.model).reading(of: clip, with: { simulation.recognizer })
        let score = CaptionScore(outcome.trace, of: clip, offline: offline, postRoll: settings.gate.postRoll)
        total.score += score
        total.work += outcome.work
        total.dropped.merge(outcome.dropped, uniquingKeysWith: +)
        if text { show(outcome.trace, of: clip, score, offline: offline) }
    }

    private func show(
        _ trace: CaptionTrace, of clip: SpeechManifest.Clip, _ score: CaptionScore, offline: OfflineReading
    ) {
        print(
            "\n\(clip.path)  offline \(CaptionScore.percent(score.offline.rate)) finals \(CaptionScore.percent(score.finals.rate))"
        )
        for final in trace.finals.map(\.message) {
            print(String(format: "  %6.2f–%6.2f %.2f ", final.start, final.end, final.confidence) + final.text)
            print("                stable: \(trace.stableText(of: final.utterance))")
        }
        if clip.language != "none" { print("  reference: \(clip.texts[0])\n  offline:   \(offline.text)") }
    }

    private func line(_ language: String, _ total: Total) -> String {
        let work = total.work
        let seconds = max(total.score.seconds, 1)
        return total.score.tableLine(language)
            + String(
                format: "\n  work %.2f s a second (detecting %.2f, live %.2f, finals %.2f); %.0f ms a window",
                (work.detecting + work.live + work.polishing) / seconds, work.detecting / seconds, work.live / seconds,
                work.polishing / seconds, work.live / Double(max(1, work.liveWindows)) * 1000)
    }
}

extension CaptionSettings.Policy: ExpressibleByArgument {}

extension StandardError {
    /// A line that the next one replaces, on a terminal only.
    fileprivate static func status(_ text: String) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }
}
