internal import Foundation
internal import Scoring

/// How often each delay came, drawn as a picture (SVG).
struct Histogram {
    /// Seconds: delays beyond the last are counted with it.
    static let range = -0.5...5.0
    static let width = 0.1

    let title: String
    /// Number of values for each tenth of a second.
    let counts: [Int]
    private let spread: Percentiles?

    init(_ title: String, _ values: [Double]) {
        self.title = title
        spread = Percentiles(values)
        var counts = [Int](
            repeating: 0, count: Int(((Self.range.upperBound - Self.range.lowerBound) / Self.width).rounded()))
        for value in values {
            let place = Int(((value - Self.range.lowerBound) / Self.width).rounded(.down))
            counts[min(max(place, 0), counts.count - 1)] += 1
        }
        self.counts = counts
    }

    var svg: String {
        let (size, bottom, most) = ((width: 380.0, height: 170.0), 140.0, max(1, counts.max() ?? 1))
        let step = size.width / Double(counts.count)
        func x(_ seconds: Double) -> Double {
            (min(max(seconds, Self.range.lowerBound), Self.range.upperBound) - Self.range.lowerBound) / Self.width
                * step
        }
        let bars = counts.enumerated().filter { $0.element > 0 }.map { index, count in
            let height = Double(count) / Double(most) * (bottom - 30)
            return String(
                format: #"<rect class="bar" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>"#, Double(index) * step,
                bottom - height, step - 1, height)
        }
        let ticks = (0...5).map { second in
            String(format: #"<text x="%.1f" y="%.0f">%d s</text>"#, x(Double(second)), bottom + 14, second)
        }
        // One below the other, where they lie close together.
        let marks = (spread.map { [("50 %", $0.median, 24.0), ("95 %", $0.p95, 36.0)] } ?? []).map { name, value, y in
            let anchor = x(value) > size.width * 0.8 ? "end" : "start"
            return String(
                format: #"<line class="mark" x1="%.1f" x2="%.1f" y1="%.0f" y2="%.0f"/><text x="%.1f" y="%.0f" "#,
                x(value),
                x(value), y - 8, bottom, x(value) + (anchor == "end" ? -3 : 3), y)
                + #"text-anchor="\#(anchor)">\#(name) "# + String(format: "%.2f</text>", value)
        }
        return """
            <svg viewBox="0 0 \(Int(size.width)) \(Int(size.height))" width="\(Int(size.width))" role="img">
            <text x="0" y="11">\(title), \(counts.reduce(0, +)) times</text>
            \((bars + ticks + marks).joined(separator: "\n"))
            </svg>
            """
    }
}
