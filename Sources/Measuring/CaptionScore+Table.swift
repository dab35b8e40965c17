internal import Foundation
internal import Scoring

/// The score as a line of a table.
extension CaptionScore {
    /// What stands above the lines.
    package static let tableHeader =
        "language  minutes  offline   finals   stable  seen s: 50 %   95 %  stable s: 50 %   95 %  final s: 50 %   95 %"
        + "  corrected  retracted   lost  doubled"

    /// - Parameter label: a language, of at most eight letters.
    package func tableLine(_ label: String) -> String {
        func pair(_ values: [Double], width: Int) -> String {
            guard let all = Percentiles(values) else { return padded("–", width) + padded("–", 7) }
            return padded(String(format: "%.2f", all.median), width) + padded(String(format: "%.2f", all.p95), 7)
        }
        return padded(label, 8) + padded(String(format: "%.1f", seconds / 60), 9)
            + [offline, finals, stable].map { padded(Self.percent($0.rate), 9) }.joined()
            + pair(tentativeLatency, width: 14) + pair(stableLatency, width: 16) + pair(finalLatency, width: 15)
            + padded(Self.percent(correctedRate), 11) + padded(Self.percent(retractedRate), 11)
            + padded("\(lostWords)", 7) + padded("\(doubledWords)", 9)
    }

    /// A rate as `12.3 %`.
    package static func percent(_ rate: Double) -> String {
        String(format: "%.1f %%", rate * 100)
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
