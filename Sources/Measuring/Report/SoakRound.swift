internal import Foundation

/// What a round of the same sound came to, in sessions that went on for long.
package struct SoakRound: Sendable, Codable {
    package var round: Int
    /// Of all sessions and languages together.
    package var captions: CapacityPoint
    /// Errors of the text as it was committed.
    package var stableErrorRate: Double
    /// Of the server, at the end of the round.
    package var residentBytes: Int
    package var threads: Int
    package var openFiles: Int

    /// - Parameter report: the recordings of the round.
    package init(round: Int, _ report: Report, residentBytes: Int, threads: Int, openFiles: Int) {
        self.round = round
        captions = CapacityPoint(sessions: report.trial.sessions, report, alone: nil)
        stableErrorRate = CapacityPoint.errorRate(report, of: \.stable).rounded(to: 5)
        self.residentBytes = residentBytes
        self.threads = threads
        self.openFiles = openFiles
    }

    /// What stands above the lines.
    package static let header =
        "round  errors: final   stable  corrected  commit s: 50 %    95 %   final s: 50 %    95 %  processor   hop"
        + "    MB  threads  files"

    /// A line of a table.
    package var line: String {
        let hop = captions.cost?.hop.map { String(format: "%.2f", $0) } ?? "–"
        let processor = captions.cost.map { String(format: "%.3f", $0.cpuSecondsPerSecond) } ?? "–"
        return "\(round)".leftPadded(to: 5) + ReportTable.percent(captions.errorRate).leftPadded(to: 15)
            + ReportTable.percent(stableErrorRate).leftPadded(to: 9)
            + ReportTable.percent(captions.corrected).leftPadded(to: 11) + ReportTable.pair(captions.committedAfter, 16)
            + ReportTable.pair(captions.finalAfter, 16) + processor.leftPadded(to: 11) + hop.leftPadded(to: 6)
            + "\(residentBytes / 1_000_000)".leftPadded(to: 6) + "\(threads)".leftPadded(to: 9)
            + "\(openFiles)".leftPadded(to: 7)
    }
}
