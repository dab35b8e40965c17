/// A guess at a text that is about to be written, such as what was heard of it before it was over.
///
/// Guessed tokens go through the network together with one that is certain, and those are kept that would have been written
/// anyway (speculative decoding, Leviathan et al. 2023): a wrong guess costs time and does not change the text.
package struct Draft: Sendable {
    /// The most guesses that go together. So few take the same way through the network as a single token, with the same sums.
    package static let most = 6

    private let tokens: [Int]
    private let firstTimestamp: Int
    /// What it costs to edit the first tokens of the guess, by their number, into what has been written.
    private var costs: [Int]
    /// The token that is to be written next, if all goes well.
    private var position = 0
    /// How many guesses are worth their time: fewer after wrong ones.
    private var count = most

    /// - Parameters:
    ///   - tokens: the guess, without timestamps; may be empty.
    ///   - firstTimestamp: the first token that is one.
    package init(_ tokens: [Int] = [], firstTimestamp: Int = .max) {
        self.tokens = tokens
        self.firstTimestamp = firstTimestamp
        costs = Array(0...tokens.count)
    }

    /// What is guessed to come next.
    package var next: ArraySlice<Int> { tokens[position...].prefix(count) }

    /// Takes in a token that has been written.
    ///
    /// The guess goes on where its beginning is most like all that has been written. A token that it has too many costs half
    /// of one that it lacks or has otherwise, so that it is soon found again.
    package mutating func follow(_ token: Int) {
        // Times stand between words.
        guard token < firstTimestamp else { return }
        if position < tokens.count {
            count = tokens[position] == token ? min(count + 1, Self.most) : max(count / 2, 1)
        }
        var diagonal = costs[0]
        costs[0] += 2
        for (index, guess) in tokens.enumerated() {
            let above = costs[index + 1]
            costs[index + 1] = min(diagonal + (guess == token ? 0 : 2), above + 2, costs[index] + 1)
            diagonal = above
        }
        position = costs.indices.reduce(0) { costs[$1] <= costs[$0] ? $1 : $0 }
    }
}
