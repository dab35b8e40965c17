/// Notices that a text goes in circles.
package enum RepetitionGuard {
    /// Longest run of tokens that is looked for.
    private static let longestRun = 12
    /// How often a run may stand in a row, by its length: laughter repeats one token, sentences do not repeat.
    private static func limit(_ run: Int) -> Int {
        run == 1 ? 12 : run == 2 ? 8 : 5
    }

    /// How many tokens at the end only repeat what stands before them; 0 when the text does not go in circles.
    package static func excess(of tokens: [Int]) -> Int {
        for run in 1...longestRun {
            let repeats = limit(run)
            guard tokens.count >= run * repeats else { continue }
            let tail = tokens.suffix(run * repeats)
            if zip(tail, tail.dropFirst(run)).allSatisfy(==) { return run * (repeats - 1) }
        }
        return 0
    }
}
