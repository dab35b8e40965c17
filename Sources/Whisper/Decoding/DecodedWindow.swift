/// What the decoder wrote for one window, and how sure it is.
package struct DecodedWindow: Sendable, Equatable {
    /// Text tokens and timestamps, without the prompt, its prefix and the end of text.
    package var tokens: [Int]
    /// Probability of each token among those that could come.
    package var probabilities: [Float]
    /// Position of 20 ms that each token was heard at, when it was asked for.
    package var attended: [Int]
    /// The text without timestamps.
    package var text: String
    /// Mean log-probability of the tokens, end of text included.
    package var averageLogProbability: Float
    /// Probability in 0...1 that the window holds no speech.
    package var noSpeechProbability: Float
    /// Length of the text over its length when compressed.
    package var compressionRatio: Float
    /// Sampling temperature that it was written with.
    package var temperature: Float
    /// Whether the text ended by itself, not by a bound or because a monitor stopped it.
    package var isComplete: Bool
}

/// What a monitor says after each token.
package enum Continuation: Sendable {
    /// Goes on.
    case resume
    /// Keeps the token and ends the text.
    case stop
    /// Takes the token back and ends the text.
    case discard
}

/// A token that greedy decoding has just chosen.
package struct TokenStep: Sendable {
    /// The token.
    package let token: Int
    /// Its probability among those that could come.
    package let probability: Float
    /// Position of 20 ms that it was heard at, when that was asked for.
    package let attended: Int?
}
