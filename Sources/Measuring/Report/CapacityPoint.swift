internal import Foundation
internal import Scoring

/// What so many sessions at once came to.
package struct CapacityPoint: Sendable, Codable {
    /// Sessions that were asked for, and those that the server had room for.
    package var sessions: Int
    package var admitted: Int
    /// Of all languages together; `nil` when nobody was admitted.
    package var firstSeen: Figures.Delay?
    package var committedAfter: Figures.Delay?
    package var stableAfter: Figures.Delay?
    package var finalAfter: Figures.Delay?
    /// Errors of finals for a word (a character in Korean, Japanese and Chinese), and those of one session alone with the
    /// same sound.
    package var errorRate: Double
    package var errorRateAlone: Double
    package var corrected: Double
    package var cost: Report.Cost?

    /// - Parameters:
    ///   - sessions: that were asked for.
    ///   - alone: the same recordings, one at a time.
    package init(sessions: Int, _ report: Report, alone: Report?) {
        var score = CaptionScore()
        for group in report.groups { score += group.score }
        self.sessions = sessions
        admitted = report.played.count
        firstSeen = Figures.Delay(score.tentativeLatency)
        committedAfter = Figures.Delay(score.committedLatency)
        stableAfter = Figures.Delay(score.stableLatency)
        finalAfter = Figures.Delay(score.finalLatency)
        errorRate = Self.errorRate(report, of: \.finals).rounded(to: 5)
        errorRateAlone = alone.map { Self.errorRate($0, of: \.finals) }?.rounded(to: 5) ?? errorRate
        corrected = score.correctedRate.rounded(to: 4)
        cost = report.cost
    }

    /// Whether captions are as they should be.
    ///
    /// - Parameters:
    ///   - bound: seconds within which 95 of 100 words are committed.
    ///   - worse: how much the error rate may be above one session's, 0...1.
    package func isGood(within bound: Double, worse: Double) -> Bool {
        guard let committedAfter else { return false }
        return committedAfter.p95 <= bound && errorRate <= errorRateAlone + worse
    }

    /// What stands above the lines.
    package static let header =
        "sessions  admitted  first seen s: 50 %    95 %   commit s: 50 %    95 %   final s: 50 %    95 %   errors   alone"
        + "  processor   hop    MB"

    /// A line of a table.
    package var line: String {
        let hop = cost?.hop.map { String(format: "%.2f", $0) } ?? "–"
        return "\(sessions)".leftPadded(to: 8) + "\(admitted)".leftPadded(to: 10) + ReportTable.pair(firstSeen, 20)
            + ReportTable.pair(committedAfter, 17) + ReportTable.pair(finalAfter, 16)
            + ReportTable.percent(errorRate).leftPadded(to: 9)
            + ReportTable.percent(errorRateAlone).leftPadded(to: 8)
            + (cost.map { String(format: "%.2f", $0.cpuSecondsPerSecond * Double(admitted)) } ?? "–").leftPadded(to: 11)
            + hop.leftPadded(to: 6) + (cost.map { "\($0.residentPeak / 1_000_000)" } ?? "–").leftPadded(to: 6)
    }

    /// Errors of some text of all recordings, in the unit of their language.
    static func errorRate(_ report: Report, of text: KeyPath<CaptionScore, TextErrors>) -> Double {
        let rates = report.played.map { $0.score[keyPath: text][$0.unit] }
        return Double(rates.map(\.errors).reduce(0, +)) / Double(max(1, rates.map(\.referenceCount).reduce(0, +)))
    }
}

extension String {
    package func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
