/// Notices that a text goes in circles.
package enum RepetitionGuard {
    /// Longest run of tokens that is looked for.
    private static let longestRun = 12
    /// Longest run that people do say again and again: "no, no", "하하", "let's go".
    private static let longestCry = 3
    /// How often such a run can be said in a second, by its length.
    private static let perSecond = [5.0, 4.0, 3.0]

    /// How often a run may stand in a row, by its length: laughter repeats one token, sentences do not repeat.
    private static func limit(_ run: Int, _ seconds: Double) -> Int {
        let least = run == 1 ? 12 : run == 2 ? 8 : 5
        return run <= longestCry ? max(least, Int(seconds * perSecond[run - 1])) : least
    }

    /// How many tokens at the end only repeat what stands before them; 0 when the text does not go in circles.
    ///
    /// - Parameter seconds: of sound in which short runs may be repeated as often as they can be said; with 0 only a few
    ///   repetitions are let through.
    package static func excess(of tokens: [Int], seconds: Double = 0) -> Int {
        for run in 1...longestRun {
            let repeats = limit(run, seconds)
            guard tokens.count >= run * repeats else { continue }
            let tail = tokens.suffix(run * repeats)
            guard zip(tail, tail.dropFirst(run)).allSatisfy(==) else { continue }
            // "No, no" is four tokens that are repeated as well, but its own limit is that of two.
            if run > longestCry, isCry(tail) { continue }
            return run * (repeats - 1)
        }
        return 0
    }

    private static func isCry(_ tokens: ArraySlice<Int>) -> Bool {
        (1...longestCry).contains { run in zip(tokens, tokens.dropFirst(run)).allSatisfy(==) }
    }
}
