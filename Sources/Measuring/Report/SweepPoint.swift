internal import Foundation

/// What captions were like with some settings.
package struct SweepPoint: Sendable, Codable {
    /// The settings that differ from the others'.
    package var name: String
    package var groups: [Figures]
    /// Seconds of work for a second of sound.
    package var workPerSecond: Double

    package init(name: String, groups: [Figures], workPerSecond: Double) {
        self.name = name
        self.groups = groups
        self.workPerSecond = workPerSecond.rounded(to: 4)
    }

    /// A table of several: a line for each of their groups.
    package static func table(_ points: [SweepPoint]) -> String {
        let width = max(8, points.map(\.name.count).max() ?? 0)
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let header =
            padded("settings", width) + "        finals  stable  seen s: 50 %   95 %  commit s: 50 %   95 %"
            + "  final s: 50 %   95 %  corrected  taken back  work"
        let lines = points.flatMap { point in
            point.groups.map { group in
                func pair(_ delay: Figures.Delay?, _ width: Int) -> String {
                    guard let delay else { return "–".leftPadded(to: width) + "–".leftPadded(to: 7) }
                    return String(format: "%.2f", delay.median).leftPadded(to: width)
                        + String(format: "%.2f", delay.p95).leftPadded(to: 7)
                }
                func percent(_ rate: Double, _ width: Int) -> String {
                    ReportTable.percent(rate).leftPadded(to: width)
                }
                return padded(point.name, width) + "  " + padded(group.name, 4)
                    + percent(group.finals[group.unit], 8) + percent(group.stable[group.unit], 8)
                    + pair(group.firstSeen, 14) + pair(group.committedAfter, 16) + pair(group.finalAfter, 15)
                    + percent(group.corrected, 11) + percent(group.retracted, 12)
                    + String(format: "  %.3f", point.workPerSecond)
            }
        }
        return ([header] + lines).joined(separator: "\n")
    }
}
