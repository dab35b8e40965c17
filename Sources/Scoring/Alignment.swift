/// One step of turning a reference into a hypothesis.
package enum Edit: Sendable, Hashable {
    /// Both have the same unit.
    case match
    /// The hypothesis has another unit.
    case substitution
    /// The hypothesis lacks the unit.
    case deletion
    /// The hypothesis has a unit that the reference lacks.
    case insertion
}

/// Which unit of a hypothesis stands for which unit of its reference, by the fewest edits.
package struct Alignment: Sendable, Hashable {
    /// A step: indices into the two sequences, `nil` on the side that has no unit.
    package struct Step: Sendable, Hashable {
        /// What happened here.
        package var edit: Edit
        /// Index into the reference; `nil` for an insertion.
        package var reference: Int?
        /// Index into the hypothesis; `nil` for a deletion.
        package var hypothesis: Int?
    }

    /// The steps from the first unit to the last.
    package let steps: [Step]

    /// Aligns two sequences. Takes memory and time in proportion to the product of their lengths, one byte each.
    package init<Unit: Hashable>(reference: [Unit], hypothesis: [Unit]) {
        let (reference, hypothesis) = numbered(reference, hypothesis)
        let width = hypothesis.count + 1
        var edits = Array(repeating: Edit.match, count: (reference.count + 1) * width)
        var above = (0..<width).map { $0 * Cost.gap }
        for column in 1..<width { edits[column] = .insertion }
        for (index, unit) in reference.enumerated() {
            var row = [(index + 1) * Cost.gap]
            row.reserveCapacity(width)
            edits[(index + 1) * width] = .deletion
            for (column, other) in hypothesis.enumerated() {
                let edit = cheapest(
                    diagonal: above[column], above: above[column + 1], left: row[column], equal: unit == other)
                edits[(index + 1) * width + column + 1] = edit
                switch edit {
                case .match: row.append(above[column])
                case .substitution: row.append(above[column] + Cost.substitution)
                case .deletion: row.append(above[column + 1] + Cost.gap)
                case .insertion: row.append(row[column] + Cost.gap)
                }
            }
            above = row
        }
        steps = Self.trace(edits, from: (reference.count, hypothesis.count), width: width)
    }

    /// Follows the edits from the end back to the start.
    private static func trace(_ edits: [Edit], from end: (row: Int, column: Int), width: Int) -> [Step] {
        var steps: [Step] = []
        var (row, column) = end
        while row > 0 || column > 0 {
            let edit = edits[row * width + column]
            if edit != .insertion { row -= 1 }
            if edit != .deletion { column -= 1 }
            steps.append(
                Step(
                    edit: edit, reference: edit == .insertion ? nil : row, hypothesis: edit == .deletion ? nil : column)
            )
        }
        return steps.reversed()
    }

    /// The counts of this alignment.
    package var errorRate: ErrorRate {
        func count(_ edit: Edit) -> Int { steps.count { $0.edit == edit } }
        return ErrorRate(
            substitutions: count(.substitution), deletions: count(.deletion), insertions: count(.insertion),
            referenceCount: steps.count { $0.reference != nil })
    }
}

/// What edits cost. Of two ways with as few errors, the one with fewer substitutions has more words in their place:
/// it is the cheaper one by a trifle.
enum Cost {
    static let gap = 1 << 32
    static let substitution = gap + 1
}

/// The edit that reaches a cell of the distance table at the least cost, given those of its three neighbours.
func cheapest(diagonal: Int, above: Int, left: Int, equal: Bool) -> Edit {
    if equal { return .match }
    if diagonal + Cost.substitution <= min(above, left) + Cost.gap { return .substitution }
    return above <= left ? .deletion : .insertion
}

/// The two sequences with a number for each different unit: numbers compare faster than words.
func numbered<Unit: Hashable>(_ first: [Unit], _ second: [Unit]) -> ([Int], [Int]) {
    var numbers: [Unit: Int] = [:]
    func number(_ unit: Unit) -> Int {
        let number = numbers[unit] ?? numbers.count
        numbers[unit] = number
        return number
    }
    return (first.map(number), second.map(number))
}
