import Foundation

extension ProgressState {
    /// One line of at most `width` columns with a bar. Where there is no room, the details go first, the amount before
    /// the rate and the rate before the remaining time, and the bar last. The bar has a colour (ANSI escapes, which
    /// take no column) if `isColoured`.
    public func bar(width: Int, isColoured: Bool = false) -> String {
        let name = title.truncatedInMiddle(toWidth: max(width / 3, 12))
        let details = [amount, rateText, remainingText].compactMap(\.self)
        guard let fraction else {
            return Self.joined([name] + details).prefixFitting(width)
        }
        let percent = Self.percent(fraction)
        let padded = String(repeating: " ", count: "100 %".count - percent.count) + percent
        for dropped in 0...details.count {
            let after = [padded] + details.dropFirst(dropped)
            let room = width - Self.joined([name, ""] + after).displayWidth
            guard room >= Self.barColumns.lowerBound else { continue }
            let bar = Self.blocks(fraction, columns: min(room, Self.barColumns.upperBound))
            return Self.joined([name, isColoured ? "\u{1B}[36m\(bar)\u{1B}[0m" : bar] + after)
        }
        return Self.joined([name, percent]).prefixFitting(width)
    }

    /// One line for a log: no bar, and as wide as it needs to be.
    public var line: String {
        Self.joined([title, fraction.map(Self.percent), amount, rateText, remainingText].compactMap(\.self))
    }

    /// Least and most columns of a bar.
    private static let barColumns = 8...30

    private static func joined(_ parts: [String]) -> String {
        parts.joined(separator: "  ")
    }

    /// Filled squares in steps of an eighth, then spaces.
    private static func blocks(_ fraction: Double, columns: Int) -> String {
        let eighths = Int((fraction * Double(columns * 8)).rounded(.down))
        let (full, rest) = eighths.quotientAndRemainder(dividingBy: 8)
        let partial = rest == 0 ? "" : String(Array("▏▎▍▌▋▊▉")[rest - 1])
        return (String(repeating: "█", count: full) + partial).padding(toLength: columns, withPad: " ", startingAt: 0)
    }

    /// Whole percent, rounded down so that 100 % means done.
    private static func percent(_ fraction: Double) -> String {
        "\(Int(fraction * 100 + 1e-9)) %"
    }

    /// The files' count or the label, without controls that would move the cursor.
    private var title: String {
        if let files { return "\(files.completed)/\(files.total) files" }
        return label.filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
    }

    private var amount: String? {
        switch (unit, total) {
        case (.audioSeconds, .some): nil
        case (.audioSeconds, nil): completed > 0 ? Self.clock(completed) : nil
        case (.bytes, .some(let total)): "\(Self.megabytes(completed)) of \(Self.megabytes(total)) MB"
        case (.bytes, nil): "\(Self.megabytes(completed)) MB"
        }
    }

    private var rateText: String? {
        rate.map { unit == .bytes ? "\(Self.megabytes($0)) MB/s" : "\(Self.tenths($0))× real time" }
    }

    private var remainingText: String? {
        remaining.map { "\(Self.clock($0.rounded(.up))) left" }
    }

    private static func megabytes(_ bytes: Double) -> String {
        tenths(bytes / 1_000_000)
    }

    private static func tenths(_ value: Double) -> String {
        String(format: "%.1f", value)
    }

    /// `M:SS`, or `H:MM:SS` from an hour on.
    private static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 360_000))
        let tail = String(format: "%02d", whole % 60)
        return whole < 3600
            ? "\(whole / 60):\(tail)" : "\(whole / 3600):\(String(format: "%02d", whole / 60 % 60)):\(tail)"
    }
}
