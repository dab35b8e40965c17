internal import WhisperText

/// What a request may ask for. Checked in one place, before any work, whoever asks and whoever recognises.
public struct RequestBounds: Sendable, Equatable {
    /// Samples of sound: 30 s.
    public var samples = 480_000
    /// Tokens of context, of the prefix, and of the draft.
    public var tokens = 448
    /// Texts that beam search follows, and texts that are drawn at once.
    public var hypotheses = 16
    /// Temperatures that are tried in turn, each 0...2.
    public var temperatures = 16
    /// Characters (code points) of prompt and hotwords together.
    public var promptCharacters = 10_000
    /// Positions of 20 ms: margin and attention threshold.
    public var positions = 1500
    /// Tokens that are suppressed.
    public var suppressedTokens = 1000
    /// Bytes of a stream's name.
    public var streamName = 256
    /// The last position in a stream.
    public var position = 1 << 52
    /// How far a sample may be from 0: what is louder is cut everywhere, but much more breaks the arithmetic.
    public var loudest: Float = 10
    /// Tokens that a second of sound may hold.
    public var tokensPerSecond = 100.0

    /// The bounds of every recogniser.
    public init() {}

    /// Checks a request for a model.
    ///
    /// - Throws: ``RecognitionError/Code/badInput`` with a message that names the field and shows nothing of what it held.
    public func check(_ request: RecognitionRequest, for model: ModelDescription) throws(RecognitionError) {
        try check(request.samples)
        let options = request.options
        for (name, tokens, limit) in [
            ("context", request.context, tokens), ("prefix", request.prefix, tokens),
            ("draft", request.draft, tokens),
            ("suppressedTokens", options.suppressedTokens, suppressedTokens),
        ] {
            try expect(tokens.count <= limit, "'\(name)' has \(tokens.count) tokens; send at most \(limit)")
            try expect(
                tokens.allSatisfy { (0..<model.vocabulary).contains($0) },
                "'\(name)' has a token that the model does not know; send 0 to \(model.vocabulary - 1)")
        }
        try check(options)
        for language in [options.language].compactMap(\.self) + options.languages {
            // English-only models take no notice of it.
            try expect(
                model.languages.count == 1 || model.languages.contains(language),
                "the model does not know one of the languages; see its description")
        }
        try expect(
            options.task == .transcribe || model.languages.count > 1, "the model cannot translate; send transcribe")
        if let threshold = request.attentionThreshold {
            try expect((0...positions).contains(threshold), "'attentionThreshold' must be 0 to \(positions)")
        }
        try check(request.place)
        try expect(
            request.languagePriors.values.allSatisfy { $0.isFinite || $0 == -.infinity },
            "'languagePriors' must be logarithms")
    }

    /// Checks a place. To be done before anything is reckoned with it.
    public func check(_ place: SoundPlace?) throws(RecognitionError) {
        guard let place else { return }
        try expect(
            (0...position).contains(place.start) && place.stream.utf8.count <= streamName,
            "'place' must have a start of 0 to 2^52, and a stream of at most \(streamName) bytes")
    }

    /// Checks sound.
    public func check(_ samples: [Float]) throws(RecognitionError) {
        try expect(
            samples.count <= self.samples,
            "a window has at most \(self.samples / 16_000) s of sound; cut it, or transcribe it as a recording")
        // False for what is not a number, too.
        try expect(
            samples.allSatisfy { abs($0) <= loudest },
            "the sound has samples that are no sound; send numbers from -1 to 1")
    }

    private func check(_ options: DecodingOptions) throws(RecognitionError) {
        try expect((1...hypotheses).contains(options.beams), "'beams' must be 1 to \(hypotheses)")
        try expect((1...hypotheses).contains(options.samples), "'samples' must be 1 to \(hypotheses)")
        try expect((0...4).contains(options.patience) && options.patience > 0, "'patience' must be above 0, at most 4")
        try expect(
            (1...temperatures).contains(options.temperatures.count)
                && options.temperatures.allSatisfy { (0...2).contains($0) },
            "'temperatures' must be 1 to \(temperatures) numbers from 0 to 2")
        let characters = [options.prompt, options.hotwords].compactMap(\.self).reduce(0) {
            $0 + $1.unicodeScalars.count
        }
        try expect(
            characters <= promptCharacters,
            "'prompt' and 'hotwords' have \(characters) characters; send at most \(promptCharacters)")
        try expect((0...tokens).contains(options.contextTokens), "'contextTokens' must be 0 to \(tokens)")
        try expect((0...positions).contains(options.margin ?? 0), "'margin' must be 0 to \(positions)")
        try expect(
            (0.1...tokensPerSecond).contains(options.tokensPerSecond),
            "'tokensPerSecond' must be 0.1 to \(tokensPerSecond)")
        try expect((0...30).contains(options.repeatableSeconds), "'repeatableSeconds' must be 0 to 30")
        let thresholds = [
            options.compressionRatioThreshold, options.logProbabilityThreshold, options.noSpeechThreshold,
        ]
        try expect(
            thresholds.allSatisfy { $0?.isFinite ?? true } && options.maximumInitialTimestamp?.isFinite ?? true,
            "thresholds must be numbers")
    }

    private func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(RecognitionError) {
        if !condition { throw RecognitionError(.badInput, message()) }
    }
}
