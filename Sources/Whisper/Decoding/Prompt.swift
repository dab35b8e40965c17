package import WhisperText

/// The tokens that precede a text: what was said before, then the language and the task, then text that is certain.
package struct Prompt: Sendable, Equatable {
    /// All tokens in order.
    package let tokens: [Int]
    /// Place of `<|startoftranscript|>` among them.
    package let startOfTranscript: Int
    /// How many tokens at the end are text of this window.
    package let prefixCount: Int

    /// - Parameters:
    ///   - options: task, prompt, hotwords and whether times are written.
    ///   - language: code of the spoken language; ignored by English-only models.
    ///   - context: tokens of text that was said before this window; its last ``DecodingOptions/contextTokens`` are given.
    ///   - prefix: tokens of this window's text that are certain; they bind far more than context does.
    /// - Throws: ``WhisperError`` for a language the model does not know.
    package init(
        tokenizer: Tokenizer, options: DecodingOptions, language: String, context: [Int] = [], prefix: [Int] = []
    ) throws {
        let kept = FixedWords(hotwords: options.hotwords, prompt: options.prompt, tokenizer: tokenizer).tokens
        // The user's own words have precedence over context.
        let recent = context.suffix(max(0, min(options.contextTokens, FixedWords.room - kept.count)))
        var tokens: [Int] = []
        if !kept.isEmpty || !recent.isEmpty {
            tokens += [tokenizer.startOfPrevious] + kept + recent
        }
        startOfTranscript = tokens.count
        tokens.append(tokenizer.startOfTranscript)
        if tokenizer.isMultilingual {
            guard let token = tokenizer.languageToken(language) else {
                throw WhisperError(.badInput, "unknown language '\(language)'; use a code such as ko, en or ja")
            }
            tokens.append(token)
            tokens.append(options.task == .translate ? tokenizer.translate : tokenizer.transcribe)
        } else if options.task == .translate {
            throw WhisperError(
                .badInput, "an English-only model cannot translate; use a multilingual model such as base")
        }
        if !options.timestamps { tokens.append(tokenizer.noTimestamps) }
        tokens += prefix
        self.tokens = tokens
        prefixCount = prefix.count
    }
}
