internal import Foundation
import WhisperText

/// Looks for the text of one window: greedy, by beam search, or by drawing at a temperature.
///
/// All ways start from the same prompt, which is computed once.
struct TextSearch {
    let network: Network
    let options: DecodingOptions
    let rules: TokenRules
    /// The sequence after the prompt.
    let start: TokenSequence
    /// Probabilities of the first token.
    let startProbabilities: [Float]
    /// Where the first token is heard, if that was asked for.
    let startAttended: Int?
    /// Tokens of the prompt that are text of this window.
    let prefix: [Int]
    /// The most tokens a text may have.
    let limit: Int

    private var tokenizer: Tokenizer { network.model.tokenizer }

    /// Takes the likeliest token each time.
    ///
    /// - Parameters:
    ///   - prompt: the step that has computed the prompt.
    ///   - draft: a guess at the text, of which only what comes true is kept.
    func greedy(
        after prompt: ComputedStep, draft: Draft, tracker: inout AttentionTracker?, isCancelled: () -> Bool,
        monitor: ((TokenStep) -> Continuation)?
    ) throws -> Hypothesis {
        var (step, draft) = (prompt, draft)
        var text = Hypothesis(sequence: start)
        var attended = startAttended
        var choice = startProbabilities.withUnsafeBufferPointer { best(1, $0, after: text.tokens) }.first
        while let candidate = choice, text.tokens.count < limit {
            try check(isCancelled)
            let probability = probability(candidate)
            text = text.appending(candidate, endOfText: tokenizer.endOfText, probability: probability)
            if text.isComplete { break }
            if let attended { text.attended.append(attended) }
            let verdict = monitor?(TokenStep(token: candidate.token, probability: probability, attended: attended))
            if verdict == .discard { text.takeBack() }
            if verdict == .stop || verdict == .discard { break }
            if cutRepetition(&text) { break }
            draft.follow(candidate.token)
            if !step.take(candidate.token) {
                let guesses = draft.next.prefix(limit - text.tokens.count)
                step = try compute(candidate.token, guesses, after: text.sequence, attention: tracker != nil)
            }
            text.sequence = step.sequence
            attended = step.follow(1, with: &tracker)
            choice = step.withNextProbabilities { best(1, $0, after: text.tokens) }.first
        }
        return text
    }

    /// Feeds a token, and guesses at what follows it.
    private func compute(
        _ token: Int, _ guesses: ArraySlice<Int>, after sequence: TokenSequence, attention: Bool
    ) throws -> ComputedStep {
        network.forgetRows(from: sequence.rows.count)
        var sequences = [sequence]
        let result = try network.step(
            [[token] + guesses], to: &sequences, next: 1 + guesses.count, attention: attention)
        return ComputedStep(result, sequence: sequences[0], guesses: guesses)
    }

    /// Follows the likeliest continuations at once; the best complete text for its length wins.
    func beams(isCancelled: () -> Bool) throws -> Hypothesis {
        var complete: [Hypothesis] = []
        let wanted = max(1, Int((Float(options.beams) * options.patience).rounded()))
        var alive = startProbabilities.withUnsafeBufferPointer { probabilities in
            extend([Hypothesis(sequence: start)], complete: &complete) { _, count, text in
                best(count, probabilities, after: text)
            }
        }
        while complete.count < wanted, !alive.isEmpty, alive[0].tokens.count < limit {
            try check(isCancelled)
            let step = try advance(&alive)
            alive = extend(alive, complete: &complete) { index, count, text in
                step.withNextProbabilities(of: index) { best(count, $0, after: text) }
            }
        }
        if complete.count < wanted { complete += alive }
        return complete.max { $0.average < $1.average } ?? Hypothesis(sequence: start)
    }

    /// Draws several texts at a temperature; the likeliest for its length wins.
    func sample<Generator: RandomNumberGenerator>(
        _ temperature: Float, isCancelled: () -> Bool, using generator: inout Generator
    ) throws -> Hypothesis {
        var complete: [Hypothesis] = []
        var alive: [Hypothesis] = []
        func draw(_ text: Hypothesis, _ probabilities: UnsafeBufferPointer<Float>, using generator: inout Generator) {
            let candidate = rules.next(after: prefix + text.tokens).sample(
                probabilities, temperature: temperature, firstTimestamp: tokenizer.firstTimestamp, using: &generator)
            guard let candidate else { return complete.append(text) }
            var longer = text.appending(
                candidate, endOfText: tokenizer.endOfText, probability: probability(candidate))
            if cutRepetition(&longer) || longer.isComplete { complete.append(longer) } else { alive.append(longer) }
        }
        for _ in 0..<max(1, options.samples) {
            startProbabilities.withUnsafeBufferPointer { draw(Hypothesis(sequence: start), $0, using: &generator) }
        }
        while !alive.isEmpty, alive[0].tokens.count < limit {
            try check(isCancelled)
            let step = try advance(&alive)
            let texts = alive
            alive = []
            for (index, text) in texts.enumerated() {
                step.withNextProbabilities(of: index) { draw(text, $0, using: &generator) }
            }
        }
        return (complete + alive).max { $0.average < $1.average } ?? Hypothesis(sequence: start)
    }

    /// The likeliest continuations of all texts together. Those that end the text leave the race.
    private func extend(
        _ texts: [Hypothesis], complete: inout [Hypothesis], best: (Int, Int, [Int]) -> [NextTokens.Candidate]
    ) -> [Hypothesis] {
        var candidates: [Hypothesis] = []
        for (index, text) in texts.enumerated() {
            for candidate in best(index, options.beams + 1, text.tokens) {
                candidates.append(
                    text.appending(candidate, endOfText: tokenizer.endOfText, probability: probability(candidate)))
            }
        }
        candidates.sort { $0.logProbability > $1.logProbability }
        var alive: [Hypothesis] = []
        for candidate in candidates where alive.count < options.beams {
            if candidate.isComplete { complete.append(candidate) } else { alive.append(candidate) }
        }
        return alive
    }

    /// Feeds each text's newest token.
    private func advance(_ texts: inout [Hypothesis]) throws -> StepResult {
        var sequences = texts.map(\.sequence)
        let step = try network.step(texts.map { $0.tokens.suffix(1) }, to: &sequences)
        for index in texts.indices { texts[index].sequence = sequences[index] }
        return step
    }

    private func best(_ count: Int, _ probabilities: UnsafeBufferPointer<Float>, after text: [Int])
        -> [NextTokens.Candidate]
    {
        rules.next(after: prefix + text).best(count, of: probabilities, firstTimestamp: tokenizer.firstTimestamp)
    }

    private func probability(_ candidate: NextTokens.Candidate) -> Float {
        exp(candidate.logProbability)
    }

    /// Removes what only repeats itself at the end of a text.
    private func cutRepetition(_ text: inout Hypothesis) -> Bool {
        let excess = RepetitionGuard.excess(of: text.tokens, seconds: options.repeatableSeconds)
        for _ in 0..<excess { text.takeBack() }
        return excess > 0
    }

    private func check(_ isCancelled: () -> Bool) throws {
        if isCancelled() { throw WhisperError(.cancelled, "the transcription was cancelled") }
    }
}
