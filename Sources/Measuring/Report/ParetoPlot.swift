internal import Foundation

/// Errors of stable text against its latency, a picture (SVG) for each language: the points that no other beats in both are
/// joined.
package struct ParetoPlot {
    /// A point of the picture.
    package struct Mark: Equatable {
        package var name: String
        /// Seconds until 95 of 100 words are committed.
        package var latency: Double
        /// Errors for a word or a character.
        package var errors: Double

        package init(name: String, latency: Double, errors: Double) {
            self.name = name
            self.latency = latency
            self.errors = errors
        }
    }

    package let svg: String

    package init(_ points: [SweepPoint]) {
        var names: [String] = []
        for name in points.flatMap(\.groups).map(\.name) where !names.contains(name) { names.append(name) }
        let pictures = names.enumerated().map { index, name in
            let groups = points.flatMap { point in
                point.groups.filter { $0.name == name }.map { (point.name, $0) }
            }
            let marks = groups.compactMap { label, group in
                group.committedAfter.map { Mark(name: label, latency: $0.p95, errors: group.stable[group.unit]) }
            }
            return Self.picture(name, marks, groups.first?.1.unit.shortName ?? "", top: Double(index) * 400)
        }
        svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 \(names.count * 400)" width="760" font-family="sans-serif" font-size="11">
            <rect width="100%" height="100%" fill="white"/>
            \(pictures.joined(separator: "\n"))
            </svg>

            """
    }

    /// The marks that no other is better than in both, from the quickest to the most exact.
    package static func front(_ marks: [Mark]) -> [Mark] {
        var least = Double.infinity
        return marks.sorted { ($0.latency, $0.errors) < ($1.latency, $1.errors) }.filter { mark in
            defer { least = min(least, mark.errors) }
            return mark.errors < least
        }
    }

    private static func picture(_ name: String, _ marks: [Mark], _ unit: String, top: Double) -> String {
        let (left, right, low, high) = (60.0, 740.0, top + 350, top + 40)
        let (latencies, errors) = (axis(marks.map(\.latency)), axis(marks.map(\.errors)))
        func x(_ value: Double) -> Double { left + (value - latencies.lowerBound) / width(latencies) * (right - left) }
        func y(_ value: Double) -> Double { low - (value - errors.lowerBound) / width(errors) * (low - high) }
        func text(_ x: Double, _ y: Double, _ text: String, _ anchor: String = "start") -> String {
            String(format: #"<text x="%.1f" y="%.1f" text-anchor="\#(anchor)">"#, x, y) + ReportPage.escaped(text)
                + "</text>"
        }
        let path = front(marks).map { String(format: "%.1f,%.1f", x($0.latency), y($0.errors)) }.joined(separator: " ")
        let dots = marks.map { mark in
            String(
                format: ##"<circle cx="%.1f" cy="%.1f" r="4" fill="#3b82c4"><title>"##, x(mark.latency), y(mark.errors))
                + ReportPage.escaped(mark.name) + "</title></circle>"
                + (front(marks).contains(mark) ? text(x(mark.latency) + 7, y(mark.errors) - 5, mark.name) : "")
        }
        let ticks = (0...4).flatMap { step in
            let part = Double(step) / 4
            let (latency, error) = (
                latencies.lowerBound + part * width(latencies), errors.lowerBound + part * width(errors)
            )
            return [
                text(x(latency), low + 16, String(format: "%.2f s", latency), "middle"),
                text(left - 6, y(error) + 4, String(format: "%.1f %%", error * 100), "end"),
            ]
        }
        return """
            \(text(left, top + 20, "\(name): \(unit) of stable text against the time until 95 of 100 words are committed"))
            <path d="M\(left) \(high)V\(low)H\(right)" fill="none" stroke="#888"/>
            <polyline points="\(path)" fill="none" stroke="#d2691e"/>
            \((dots + ticks).joined(separator: "\n"))
            """
    }

    /// From a little below the least to a little above the most.
    private static func axis(_ values: [Double]) -> ClosedRange<Double> {
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        let room = max((most - least) * 0.08, 1e-3)
        return max(0, least - room)...(most + room)
    }

    private static func width(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }
}
