package import WhisperText

/// How a session turns sound into captions.
package struct CaptionSettings: Sendable, Equatable {
    /// Which ``StreamingPolicy`` decides.
    package enum Policy: String, Sendable, CaseIterable {
        case alignAtt = "alignatt"
        case localAgreement = "local-agreement"
        case slidingWindow = "sliding-window"

        func make(tokenizer: Tokenizer, settings: PolicySettings, lead: LeftContext?) -> any StreamingPolicy {
            switch self {
            case .alignAtt: AlignAtt(tokenizer: tokenizer, settings: settings, lead: lead)
            case .localAgreement: LocalAgreement(tokenizer: tokenizer, settings: settings, lead: lead)
            case .slidingWindow: SlidingWindow(tokenizer: tokenizer, settings: settings)
            }
        }
    }

    /// Code of the language spoken; `nil` detects it for each utterance.
    package var language: String?
    /// Codes of the languages that come into question where it is detected; empty for all that the model knows.
    package var languages: [String] = []
    /// What is written.
    package var task = DecodingOptions.Task.transcribe
    /// Whether utterances in another language are translated into English besides.
    package var translates = false
    /// The user's own words, which never scroll away.
    package var prompt: String?
    /// Names and terms to listen for.
    package var hotwords: [String] = []
    /// How windows become captions.
    package var policy = Policy.alignAtt
    /// Lengths that the policy works with.
    package var windows = PolicySettings()
    /// Where utterances begin and end.
    package var gate = SpeechGate.Settings()
    /// Whether a final may differ from the stable text before it.
    package var corrections = true
    /// Which texts are not believed.
    package var hallucinations = HallucinationGuard()
    /// Positions of silence after a live window, and after a whole utterance.
    package var liveMargin = 64
    package var finalMargin = 512
    /// Seconds of the utterance before that a live window begins with, and that a whole utterance does.
    package var liveLead = 4.0
    package var finalLead = 15.0
    /// The most tokens of what was said before the sound of a live window, and of a whole utterance.
    package var liveContext = TextContext.limit
    package var finalContext = TextContext.limit

    package init() {}

    /// A policy for the next utterance.
    func makePolicy(tokenizer: Tokenizer, lead: LeftContext?) -> any StreamingPolicy {
        task == .translate ? WholeUtterance() : policy.make(tokenizer: tokenizer, settings: windows, lead: lead)
    }

    /// Whether finals are decoded as a whole. Live text of a translation is never settled, so its finals always are.
    var decodesFinals: Bool { corrections || task == .translate }

    /// Who decides what is believed.
    var judge: HallucinationGuard { task == .translate ? hallucinations.forTranslation : hallucinations }

    /// What the recogniser is told beside the sound.
    var given: GivenText { GivenText(prompt: prompt, hotwords: hotwords) }

    /// What the recogniser is asked for in any window.
    private func decoding(usesPrompt: Bool = true) -> DecodingOptions {
        var options = DecodingOptions()
        options.language = language
        options.languages = languages
        options.task = task
        guard usesPrompt else { return options }
        options.prompt = prompt
        options.hotwords = hotwords.isEmpty ? nil : hotwords.joined(separator: ", ")
        return options
    }

    /// Takes over what may change while a session runs.
    package mutating func take(_ changed: CaptionSettings) {
        (language, languages, policy) = (changed.language, changed.languages, changed.policy)
        translates = changed.translates
        (prompt, hotwords) = (changed.prompt, changed.hotwords)
    }

    /// Whether the user's own words are the same.
    package func hasSameWords(as other: CaptionSettings) -> Bool {
        prompt == other.prompt && hotwords == other.hotwords
    }

    /// One line that says for which of the user's own words the recogniser has no room; `nil` when it has room for all.
    package func cutWords(for tokenizer: Tokenizer) -> String? {
        decoding().cutWords(for: tokenizer)
    }

    /// A window of an utterance that is still spoken: one try, no timestamps.
    func decodingLive(_ plan: WindowPlan, language: String?, usesPrompt: Bool) -> DecodingOptions {
        var options = decoding(usesPrompt: usesPrompt)
        options.language = self.language ?? language
        options.timestamps = false
        options.temperatures = [0]
        options.repeatableSeconds = plan.range.count.asSeconds
        options.margin = liveMargin
        options.contextTokens = liveContext
        options.wordTimestamps = plan.wordTimestamps
        return options
    }

    /// A whole utterance: timestamps, words, and other temperatures where the text looks wrong though somebody does speak.
    /// Without speech, higher temperatures only invent text.
    func decodingFinal(_ pass: FinalPass, _ attempt: FinalAttempt) -> DecodingOptions {
        var options = decoding(usesPrompt: attempt.usesPrompt)
        // Where no language is given, the one that the first window of this final was heard in.
        options.language = language ?? pass.language
        let hasLeftContext = pass.hasLeftContext
        options.temperatures = pass.isSure ? [0, 0.2, 0.4] : [0]
        if attempt.isAgainstLoops {
            options.temperatures.removeFirst()
        } else {
            // Repeated words may really have been said; HallucinationGuard compares them with the sound.
            options.compressionRatioThreshold = nil
            options.repeatableSeconds = pass.range.count.asSeconds
        }
        // A long margin helps because it makes the window long; a window with a left context is long already.
        options.margin = hasLeftContext ? finalMargin / 2 : finalMargin
        options.contextTokens = finalContext
        options.wordTimestamps = true
        return options
    }

    /// What a whole utterance means in English. The user's own words are not given: they are in the language that is spoken.
    func decodingTranslation(_ pass: FinalPass, from language: String) -> DecodingOptions {
        var options = DecodingOptions()
        (options.task, options.language) = (.translate, language)
        // A small model is never sure of a translation: only what repeats itself is drawn again.
        options.logProbabilityThreshold = nil
        options.temperatures = pass.isSure ? [0, 0.2, 0.4] : [0]
        options.margin = finalMargin
        options.contextTokens = finalContext
        return options
    }
}
