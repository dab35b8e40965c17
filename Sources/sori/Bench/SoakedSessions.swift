import Foundation
import Measuring
import PrometheusMetrics

/// Sessions that hear the same sound again and again.
struct SoakedSessions: Sendable {
    /// Seconds after the end of a round at which its last final has come.
    private static let grace = 8.0

    private let rows: [SpeechRow]
    private let readings: [[OfflineReading]]
    private let model: String
    private let captions: [HeardCaptions]

    /// - Parameters:
    ///   - rows: what each session hears in a round; all of one length.
    ///   - readings: of each row's recordings.
    init(rows: [SpeechRow], readings: [[OfflineReading]], model: String) {
        self.rows = rows
        self.readings = readings
        self.model = model
        captions = rows.map { _ in HeardCaptions() }
    }

    /// Plays so many rounds to all of them.
    func play(to server: ServerProcess, times: Int, onProgress: @escaping @Sendable (Double) -> Void) async throws {
        let trial = LiveTrial(url: server.url)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (row, captions) in zip(rows, captions) {
                group.addTask {
                    let outcome = try await trial.run(
                        row.sound, language: row.sound.language, times: times, captions: captions,
                        onProgress: onProgress)
                    if case .refused(let reason) = outcome { throw CommandError(reason) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Looks at the sessions after each round.
    ///
    /// - Parameter onRound: gets each line when it is known.
    func watch(
        _ server: ServerProcess, rounds: Int, onRound: @Sendable (SoakRound) throws -> Void
    ) async throws -> [SoakRound] {
        let start = ContinuousClock.now
        let length = rows.first?.sound.seconds ?? 0
        var lines: [SoakRound] = []
        var before = (cpu: server.used.cpuSeconds, windows: try await server.liveWindows())
        for round in 0..<rounds {
            try await Task.sleep(until: start + .seconds(Double(round + 1) * length + Self.grace))
            let (used, windows) = (server.used, try await server.liveWindows())
            let usage = Trial.Usage(
                cpuSeconds: used.cpuSeconds - before.cpu, residentBefore: used.resident, residentPeak: used.resident,
                wallSeconds: length, liveWindows: windows - before.windows)
            before = (used.cpuSeconds, windows)
            let line = SoakRound(
                round: round + 1, report(of: round, from: Double(round) * length, usage), residentBytes: used.resident,
                threads: used.threads, openFiles: used.openFiles)
            lines.append(line)
            try onRound(line)
        }
        return lines
    }

    private func report(of round: Int, from start: Double, _ usage: Trial.Usage) -> Report {
        var trial = Trial.here("Sori", model: model, sessions: rows.count)
        trial.usage = usage
        for (row, captions) in zip(rows, captions) {
            let heard = captions.trace
            for (clip, from) in zip(row.clips, row.starts) {
                trial.recordings.append(.init(clip, heard.part(from: start + from, seconds: clip.seconds + 1)))
            }
        }
        return Report(trial, of: rows.flatMap(\.clips), readings.flatMap(\.self))
    }
}
