internal import Foundation

/// How the figures of a run differ from those of an earlier one.
package struct Comparison: Sendable {
    /// A figure then and now.
    package struct Line: Sendable, Equatable {
        package var group: String
        package var figure: String
        package var before: Double
        package var now: Double

        package init(group: String, figure: String, before: Double, now: Double) {
            self.group = group
            self.figure = figure
            self.before = before
            self.now = now
        }
    }

    /// Figures that are in both and differ.
    package let lines: [Line]

    /// Compares the groups that both runs have.
    package init(_ now: Report.Summary, with before: Report.Summary) throws {
        var lines: [Line] = []
        func compare(_ name: String, _ before: some Encodable, _ now: some Encodable) throws {
            let old = try Self.numbers(before)
            for (figure, value) in try Self.numbers(now).sorted(by: { $0.key < $1.key }) {
                guard let was = old[figure], was != value else { continue }
                lines.append(Line(group: name, figure: figure, before: was, now: value))
            }
        }
        for group in now.groups {
            guard let earlier = before.groups.first(where: { $0.name == group.name }) else { continue }
            try compare(group.name, earlier, group)
        }
        if let earlier = before.cost, let cost = now.cost { try compare("cost", earlier, cost) }
        self.lines = lines
    }

    /// A line for each figure that differs.
    package var text: String {
        if lines.isEmpty { return "All figures are those of the baseline." }
        let names = lines.map { "\($0.group) \($0.figure)" }
        let width = names.map(\.count).max() ?? 0
        return zip(names, lines).map { name, line in
            name + String(repeating: " ", count: width - name.count)
                + String(format: "  %10.4g → %10.4g", line.before, line.now)
                + (line.before == 0 ? "" : String(format: "  %+6.1f %%", (line.now / line.before - 1) * 100))
        }.joined(separator: "\n")
    }

    /// All numbers of a value by their path.
    private static func numbers(_ value: some Encodable) throws -> [String: Double] {
        var numbers: [String: Double] = [:]
        func collect(_ value: Any, _ path: String) {
            if let object = value as? [String: Any] {
                for (key, value) in object { collect(value, path.isEmpty ? key : "\(path).\(key)") }
            } else if let number = value as? NSNumber {
                numbers[path] = number.doubleValue
            }
        }
        collect(try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)), "")
        return numbers
    }
}
