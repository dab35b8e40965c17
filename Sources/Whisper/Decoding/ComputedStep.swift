/// A step of the network with guessed tokens at its end, and how many of these are still no more than guessed.
struct ComputedStep {
    private let result: StepResult
    private var whole: TokenSequence
    private var ahead: ArraySlice<Int>

    /// - Parameters:
    ///   - result: what the step found out, with the successors of its guesses and of the token before them.
    ///   - sequence: after the step.
    ///   - guesses: the last tokens of the step.
    init(_ result: StepResult, sequence: TokenSequence, guesses: ArraySlice<Int>) {
        self.result = result
        whole = sequence
        ahead = guesses
    }

    /// The sequence up to the last token that is more than a guess.
    var sequence: TokenSequence {
        var sequence = whole
        sequence.rows.removeLast(ahead.count)
        return sequence
    }

    /// Takes in a token that has been written after the sequence.
    ///
    /// - Returns: whether it was guessed; otherwise it has to be computed.
    mutating func take(_ token: Int) -> Bool {
        guard token == ahead.first else { return false }
        ahead = ahead.dropFirst()
        return true
    }

    /// Leaves out what is only guessed: the network has forgotten it.
    mutating func dropGuesses() {
        whole = sequence
        ahead = []
    }

    /// Probability of every token as the next one of ``sequence``.
    func withNextProbabilities<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try result.withNextProbabilities(of: result.nextRows - 1 - ahead.count, body)
    }

    /// Probabilities after `<|startoftranscript|>`.
    func withStartProbabilities<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try result.withStartProbabilities(of: 0, body)
    }

    /// Lets a tracker follow the newest tokens of ``sequence``; returns where the last of them listens.
    func follow(_ count: Int, with tracker: inout AttentionTracker?) -> Int? {
        let end = result.tokens - ahead.count
        return tracker?.follow(result, tokens: end - count..<end, of: whole.audio)
    }
}
