internal import Foundation
internal import Scoring

/// A report as a table: a column for each group, a line for each figure.
package struct ReportTable {
    package let text: String

    package init(_ summary: Report.Summary) {
        let groups = summary.groups
        var rows = [[summary.system] + groups.map(\.name)]
        func row(_ name: String, _ value: (Figures) -> String) { rows.append([name] + groups.map(value)) }
        row("minutes of sound") { String(format: "%.1f", $0.minutes) }
        row("decoded as a whole") { Self.errors($0.wholeRecording, $0) }
        row("finals") { Self.errors($0.finals, $0) }
        row("stable text") { Self.errors($0.stable, $0) }
        row("first seen, 50 / 90 / 95 / 99 %") { Self.delay($0.firstSeen) }
        row("committed") { Self.delay($0.committedAfter) }
        row("committed and right") { Self.delay($0.stableAfter) }
        row("end of speech to final") { Self.delay($0.finalAfter) }
        row("stable words corrected") { Self.percent($0.corrected) }
        row("tentative words taken back") {
            Self.percent($0.retracted) + String(format: ", %.1f a minute", $0.retractedPerMinute)
        }
        row("words lost / doubled") { "\($0.lostWords) / \($0.doubledWords)" }
        if groups.contains(where: { !$0.isSpeech }) {
            row("false words a minute") { $0.isSpeech ? "–" : String(format: "%.1f", $0.finalWordsPerMinute) }
        }
        text = Self.aligned(rows) + (summary.cost.map { "\n" + Self.line($0, sessions: summary.sessions) } ?? "")
    }

    /// A part of one as `12.3 %`.
    package static func percent(_ rate: Double) -> String { String(format: "%.1f %%", rate * 100) }

    /// Median and 95 % in seconds, the first in a column of so many characters.
    static func pair(_ delay: Figures.Delay?, _ width: Int) -> String {
        let text = delay.map { (String(format: "%.2f", $0.median), String(format: "%.2f", $0.p95)) } ?? ("–", "–")
        return text.0.leftPadded(to: width) + text.1.leftPadded(to: 8)
    }

    private static func errors(_ errors: Figures.Errors, _ figures: Figures) -> String {
        guard figures.isSpeech else { return "–" }
        let (first, second) = (percent(errors[figures.unit]), percent(errors[figures.unit.other]))
        return "\(first) \(figures.unit.shortName), \(second) \(figures.unit.other.shortName)"
    }

    private static func delay(_ delay: Figures.Delay?) -> String {
        guard let delay else { return "–" }
        return String(format: "%.2f / %.2f / %.2f / %.2f s", delay.median, delay.p90, delay.p95, delay.p99)
    }

    private static func line(_ cost: Report.Cost, sessions: Int) -> String {
        String(
            format: "%.2f s of processor time for a second of sound; %.0f MB, at most %.0f MB with %d session%@",
            cost.cpuSecondsPerSecond, Double(cost.residentBefore) / 1e6, Double(cost.residentPeak) / 1e6, sessions,
            sessions == 1 ? "" : "s")
            + (cost.hop.map { String(format: "; a live window for every %.2f s of speech", $0) } ?? "")
    }

    /// Columns as wide as they need to be, the first one to the left.
    private static func aligned(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "   ")
        }.joined(separator: "\n")
    }
}

extension Figures {
    /// Whether something is said.
    fileprivate var isSpeech: Bool { !["none", "song", "babble"].contains(name) }
}

extension TextErrors.Unit {
    var other: TextErrors.Unit { self == .words ? .characters : .words }

    /// Word error rate, character error rate.
    var shortName: String { self == .words ? "WER" : "CER" }
}
