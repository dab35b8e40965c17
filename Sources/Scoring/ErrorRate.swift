/// How far a transcript is from what was said: a word error rate or a character error rate.
///
/// Rates of several transcripts add up to that of the corpus: `rates.reduce(.zero, +)`.
package struct ErrorRate: Sendable, Hashable, Codable {
    /// Units, words or characters, that were written as others.
    package var substitutions: Int
    /// Units of the reference that are missing.
    package var deletions: Int
    /// Units that were written but not said.
    package var insertions: Int
    /// Number of units in the reference.
    package var referenceCount: Int

    /// Creates a rate from its counts.
    package init(substitutions: Int, deletions: Int, insertions: Int, referenceCount: Int) {
        self.substitutions = substitutions
        self.deletions = deletions
        self.insertions = insertions
        self.referenceCount = referenceCount
    }

    /// Nothing said, nothing written.
    package static let zero = ErrorRate(substitutions: 0, deletions: 0, insertions: 0, referenceCount: 0)

    /// Substitutions, deletions and insertions together: the edit distance.
    package var errors: Int { substitutions + deletions + insertions }

    /// Errors per unit of the reference: 0 is perfect, and it can exceed 1. An empty reference counts as one unit.
    package var rate: Double { Double(errors) / Double(max(referenceCount, 1)) }

    package static func + (left: ErrorRate, right: ErrorRate) -> ErrorRate {
        ErrorRate(
            substitutions: left.substitutions + right.substitutions,
            deletions: left.deletions + right.deletions,
            insertions: left.insertions + right.insertions,
            referenceCount: left.referenceCount + right.referenceCount)
    }

    package static func += (left: inout ErrorRate, right: ErrorRate) {
        left = left + right
    }
}

extension ErrorRate {
    /// Compares the words of two texts after normalising both.
    ///
    /// - Parameter language: Code of the language, such as `en`.
    package static func words(reference: String, hypothesis: String, language: String) -> ErrorRate {
        let normalizer = TextNormalizer(language: language)
        return ErrorRate(reference: normalizer.words(in: reference), hypothesis: normalizer.words(in: hypothesis))
    }

    /// Compares the characters of two texts, their Unicode scalars after normalising both and removing white space: the
    /// fair measure for Korean, Japanese and Chinese, where the spacing of words varies or does not exist.
    ///
    /// - Parameter language: Code of the language, such as `ko`.
    package static func characters(reference: String, hypothesis: String, language: String) -> ErrorRate {
        let normalizer = TextNormalizer(language: language)
        return ErrorRate(
            reference: normalizer.words(in: reference).flatMap(\.unicodeScalars),
            hypothesis: normalizer.words(in: hypothesis).flatMap(\.unicodeScalars))
    }

    /// Counts the edits that turn one sequence into another, the fewest possible.
    ///
    /// Keeps two rows of the table only, so whole books can be compared.
    package init<Unit: Hashable>(reference: [Unit], hypothesis: [Unit]) {
        let (reference, hypothesis) = numbered(reference, hypothesis)
        var above = [ErrorRate.zero]
        for column in hypothesis.indices { above.append(above[column].adding(.insertion)) }
        for unit in reference {
            var row = [above[0].adding(.deletion)]
            row.reserveCapacity(above.count)
            for (column, other) in hypothesis.enumerated() {
                switch cheapest(
                    diagonal: above[column].cost, above: above[column + 1].cost, left: row[column].cost,
                    equal: unit == other)
                {
                case .deletion: row.append(above[column + 1].adding(.deletion))
                case .insertion: row.append(row[column].adding(.insertion))
                case let edit: row.append(above[column].adding(edit))
                }
            }
            above = row
        }
        self = above[hypothesis.count]
    }

    private var cost: Int { substitutions * Cost.substitution + (deletions + insertions) * Cost.gap }

    private func adding(_ edit: Edit) -> ErrorRate {
        var result = self
        switch edit {
        case .match: break
        case .substitution: result.substitutions += 1
        case .deletion: result.deletions += 1
        case .insertion: result.insertions += 1
        }
        if edit != .insertion { result.referenceCount += 1 }
        return result
    }
}
