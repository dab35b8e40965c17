import SeededRandom
package import WhisperText

/// Writes the text of encoded windows with one lane's network.
package final class WindowDecoder {
    package let network: Network
    private let tokenizer: Tokenizer
    /// What the last window's prompt took, with a guess that went along.
    package private(set) var promptTime = Duration.zero

    package init(network: Network) {
        self.network = network
        tokenizer = network.model.tokenizer
    }

    /// Probabilities of the languages of an encoded window, the likeliest first.
    ///
    /// - Parameter codes: the languages that come into question; all of the model's when empty, or when it knows none of
    ///   them.
    package func languages(
        of audio: Range<Int>, among codes: [String] = []
    ) throws -> [(language: Language, probability: Float)] {
        let start = try startProbabilities(of: audio)
        let asked = tokenizer.languages.filter { codes.contains($0.code) }
        let known = (asked.isEmpty ? tokenizer.languages : asked).compactMap { language in
            tokenizer.languageToken(language.code).map { (language, start[$0]) }
        }
        let total = known.reduce(0) { $0 + $1.1 }
        return known.map { ($0.0, $0.1 / max(total, .leastNormalMagnitude)) }.sorted { $0.1 > $1.1 }
    }

    /// Probability that an encoded window holds no speech, without decoding it: one row of the decoder.
    package func noSpeechProbability(of audio: Range<Int>) throws -> Float {
        try startProbabilities(of: audio)[tokenizer.noSpeech]
    }

    private func startProbabilities(of audio: Range<Int>) throws -> [Float] {
        network.forgetRows()
        var sequences = [TokenSequence(audio: audio)]
        let step = try network.step(
            [[tokenizer.startOfTranscript]], to: &sequences, startOfTranscript: 0, next: 0)
        return step.withStartProbabilities(of: 0) { Array($0) }
    }

    /// Writes the text of an encoded window, trying higher temperatures while it looks wrong.
    ///
    /// - Parameters:
    ///   - audio: the window, from ``Network/encode(_:at:)``.
    ///   - seconds: length of the sound in the window, without its margin: bounds the text.
    ///   - prompt: what precedes the text.
    ///   - draft: a guess at the text, which makes greedy decoding quicker and does not change it. Where it might, it is left
    ///     out, see ``Network/sumsTokensAlike``.
    ///   - draftsWithPrompt: whether the guess goes through the network with the prompt: quicker, and then sums may differ
    ///     in their last bits from those without a guess.
    ///   - attention: whether to tell where each token was heard; only greedy text has it.
    ///   - isCancelled: asked before every token.
    ///   - monitor: told of every token of greedy text at temperature 0; may end it.
    /// - Throws: ``WhisperError`` with `cancelled`, or when the device fails.
    package func decode(
        _ audio: Range<Int>, seconds: Double, prompt: Prompt, options: DecodingOptions,
        draft: Draft = Draft([]), draftsWithPrompt: Bool = false, attention: Bool = false,
        isCancelled: () -> Bool = { false }, monitor: ((TokenStep) -> Continuation)? = nil
    ) throws -> DecodedWindow {
        let vocabulary = network.model.dimensions.vocabulary
        network.suppress(suppressedTokens(options))
        network.forgetRows()
        try network.growSelfCache(to: rowsNeeded(prompt: prompt, options: options))

        var tracker =
            attention
            ? AttentionTracker(
                heads: network.model.file.alignmentHeads.count, positions: audio.count,
                frames: Int((seconds * 50).rounded(.up))) : nil
        let draft = draftsWithPrompt || network.sumsTokensAlike ? draft : Draft()
        let limit = tokenLimit(prompt: prompt, seconds: seconds, options: options)
        let isGreedy = options.beams <= 1 && options.temperatures.first ?? 0 == 0
        let guesses = draftsWithPrompt && isGreedy ? draft.next.prefix(limit) : []
        var sequences = [TokenSequence(audio: audio)]
        let start = ContinuousClock.now
        let step = try network.step(
            [prompt.tokens + guesses], to: &sequences, startOfTranscript: prompt.startOfTranscript,
            next: 1 + guesses.count, attention: attention)
        promptTime = .now - start
        var first = ComputedStep(step, sequence: sequences[0], guesses: guesses)
        let noSpeech = first.withStartProbabilities { $0[tokenizer.noSpeech] }
        let startAttended = first.follow(prompt.tokens.count, with: &tracker)
        let search = TextSearch(
            network: network, options: options,
            rules: TokenRules(
                tokenizer: tokenizer, vocabulary: vocabulary, options: options,
                seconds: Double(audio.count) / 50 > seconds + 0.02 ? seconds : nil),
            start: first.sequence, startProbabilities: first.withNextProbabilities { Array($0) },
            startAttended: startAttended, prefix: Array(prompt.tokens.suffix(prompt.prefixCount)), limit: limit)

        // Each window anew: its text must not depend on what was decoded before it.
        var generator = SplitMix64(state: UInt64(prompt.tokens.count))
        var texts: [DecodedWindow] = []
        for temperature in options.temperatures.isEmpty ? [0] : options.temperatures {
            let hypothesis: Hypothesis
            if temperature > 0 {
                hypothesis = try search.sample(temperature, isCancelled: isCancelled, using: &generator)
            } else if options.beams > 1 {
                hypothesis = try search.beams(isCancelled: isCancelled)
            } else {
                hypothesis = try search.greedy(
                    after: first, draft: draft, tracker: &tracker,
                    isCancelled: isCancelled, monitor: monitor)
            }
            let window = decodedWindow(hypothesis, temperature: temperature, noSpeech: noSpeech)
            guard needsFallback(window, options) else { return window }
            texts.append(window)
            network.forgetRows(from: prompt.tokens.count)
            first.dropGuesses()
        }
        guard let best = likeliest(of: texts, options) else {
            throw WhisperError(.computeFailed, "no text was decoded")
        }
        return best
    }

    /// The text to take where all look wrong: the likeliest of those that do not repeat themselves, or of all.
    ///
    /// It is told with the last temperature: it is as doubtful as the texts that came with that.
    private func likeliest(of texts: [DecodedWindow], _ options: DecodingOptions) -> DecodedWindow? {
        let varied = texts.filter { text in
            options.compressionRatioThreshold.map { text.compressionRatio <= $0 } ?? true
        }
        var best = (varied.isEmpty ? texts : varied).max { $0.averageLogProbability < $1.averageLogProbability }
        if let last = texts.last { best?.temperature = last.temperature }
        return best
    }

    private func decodedWindow(_ hypothesis: Hypothesis, temperature: Float, noSpeech: Float) -> DecodedWindow {
        let text = tokenizer.decode(hypothesis.tokens)
        return DecodedWindow(
            tokens: hypothesis.tokens, probabilities: hypothesis.probabilities, attended: hypothesis.attended,
            text: text,
            averageLogProbability: hypothesis.average, noSpeechProbability: noSpeech,
            compressionRatio: TextCompression.ratio(of: text), temperature: temperature,
            isComplete: hypothesis.isComplete)
    }

    /// Whether a text looks wrong: it repeats itself or is doubtful, unless it is doubtful because nobody speaks.
    private func needsFallback(_ window: DecodedWindow, _ options: DecodingOptions) -> Bool {
        let isRepetitive = options.compressionRatioThreshold.map { window.compressionRatio > $0 } ?? false
        let isDoubtful = options.logProbabilityThreshold.map { window.averageLogProbability < $0 } ?? false
        let isSilent = options.noSpeechThreshold.map { window.noSpeechProbability > $0 } ?? false
        if isSilent && isDoubtful { return false }
        return isRepetitive || isDoubtful
    }

    /// Tokens that no text has: control tokens, and symbols that are not spoken.
    private func suppressedTokens(_ options: DecodingOptions) -> [Int] {
        let control = [
            tokenizer.startOfTranscript, tokenizer.startOfPrevious, tokenizer.startOfLM, tokenizer.translate,
            tokenizer.transcribe, tokenizer.noSpeech, tokenizer.noTimestamps,
        ]
        let languages = tokenizer.languages.compactMap { tokenizer.languageToken($0.code) }
        return control + languages + (options.suppressNonSpeech ? tokenizer.nonSpeechTokens : [])
            + options.suppressedTokens
    }

    private func tokenLimit(prompt: Prompt, seconds: Double, options: DecodingOptions) -> Int {
        let room = network.model.dimensions.textPositions - prompt.tokens.count
        // The bound leaves room for two timestamps and the first word of a very short sound.
        return max(0, min(room, Int(seconds * options.tokensPerSecond) + 12 - prompt.prefixCount))
    }

    private func rowsNeeded(prompt: Prompt, options: DecodingOptions) -> Int {
        let width = options.temperatures.contains { $0 > 0 } ? max(options.beams, options.samples) : options.beams
        let text = network.model.dimensions.textPositions - prompt.tokens.count
        return prompt.tokens.count + text * max(1, width)
    }
}

extension AttentionTracker {
    /// Takes in the attention of some of a step's tokens to a window; returns where the last of them listens.
    mutating func follow(_ step: StepResult, tokens: Range<Int>, of audio: Range<Int>) -> Int? {
        let heads = (0..<step.alignmentHeads).map { step.attention(ofHead: $0, tokens: tokens) }
        guard !tokens.isEmpty, let columns = heads.first?.columns else { return nil }
        func rows(_ token: Int) -> [ArraySlice<Float>] {
            heads.map { $0.values[token * columns + audio.lowerBound..<token * columns + audio.upperBound] }
        }
        for token in 0..<tokens.count - 1 { observe(rows(token)) }
        return add(rows(tokens.count - 1))
    }
}
