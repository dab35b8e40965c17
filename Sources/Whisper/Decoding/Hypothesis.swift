/// A text in the making.
struct Hypothesis {
    /// Where its keys and values are.
    var sequence: TokenSequence
    /// Tokens written so far, without the prompt and without the end of text.
    var tokens: [Int] = []
    /// Probability of each token when it was chosen.
    var probabilities: [Float] = []
    /// Sum of the tokens' log-probabilities, end of text included.
    var logProbability: Float = 0
    /// Whether the end of text has come.
    var isComplete = false
    /// Most attended position of each token, if it was asked for.
    var attended: [Int] = []

    /// Log-probability for each token, the end of text included.
    var average: Float {
        logProbability / Float(tokens.count + 1)
    }

    /// Removes the newest token.
    mutating func takeBack() {
        _ = tokens.popLast()
        _ = probabilities.popLast()
        if attended.count > tokens.count { attended.removeLast() }
    }

    func appending(_ candidate: NextTokens.Candidate, endOfText: Int, probability: Float) -> Hypothesis {
        var longer = self
        longer.logProbability += candidate.logProbability
        if candidate.token == endOfText {
            longer.isComplete = true
        } else {
            longer.tokens.append(candidate.token)
            longer.probabilities.append(probability)
        }
        return longer
    }
}
