extension DecodingOptions: Codable {
    private enum Key: String, CodingKey {
        case task, language, languages, beams, patience, samples, temperatures, compressionRatioThreshold,
            logProbabilityThreshold, noSpeechThreshold, timestamps, maximumInitialTimestamp, prompt, hotwords,
            conditionOnPreviousText, contextTokens, suppressedTokens, suppressNonSpeech, suppressBlank,
            tokensPerSecond, repeatableSeconds, margin, wordTimestamps
    }

    /// Reads options; what is absent has its default, so that older and newer programs understand each other.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func read<Value: Decodable>(_ key: Key, _ value: inout Value) throws {
            // Not `decodeIfPresent`: `null` is no limit, and not the default.
            if container.contains(key) { value = try container.decode(Value.self, forKey: key) }
        }
        self.init()
        try read(.task, &task)
        try read(.language, &language)
        try read(.languages, &languages)
        try read(.beams, &beams)
        try read(.patience, &patience)
        try read(.samples, &samples)
        try read(.temperatures, &temperatures)
        try read(.compressionRatioThreshold, &compressionRatioThreshold)
        try read(.logProbabilityThreshold, &logProbabilityThreshold)
        try read(.noSpeechThreshold, &noSpeechThreshold)
        try read(.timestamps, &timestamps)
        try read(.maximumInitialTimestamp, &maximumInitialTimestamp)
        try read(.prompt, &prompt)
        try read(.hotwords, &hotwords)
        try read(.conditionOnPreviousText, &conditionOnPreviousText)
        try read(.contextTokens, &contextTokens)
        try read(.suppressedTokens, &suppressedTokens)
        try read(.suppressNonSpeech, &suppressNonSpeech)
        try read(.suppressBlank, &suppressBlank)
        try read(.tokensPerSecond, &tokensPerSecond)
        try read(.repeatableSeconds, &repeatableSeconds)
        try read(.margin, &margin)
        try read(.wordTimestamps, &wordTimestamps)
    }

    /// Writes all options, those without a value as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(task, forKey: .task)
        try container.encode(language, forKey: .language)
        try container.encode(languages, forKey: .languages)
        try container.encode(beams, forKey: .beams)
        try container.encode(patience, forKey: .patience)
        try container.encode(samples, forKey: .samples)
        try container.encode(temperatures, forKey: .temperatures)
        try container.encode(compressionRatioThreshold, forKey: .compressionRatioThreshold)
        try container.encode(logProbabilityThreshold, forKey: .logProbabilityThreshold)
        try container.encode(noSpeechThreshold, forKey: .noSpeechThreshold)
        try container.encode(timestamps, forKey: .timestamps)
        try container.encode(maximumInitialTimestamp, forKey: .maximumInitialTimestamp)
        try container.encode(prompt, forKey: .prompt)
        try container.encode(hotwords, forKey: .hotwords)
        try container.encode(conditionOnPreviousText, forKey: .conditionOnPreviousText)
        try container.encode(contextTokens, forKey: .contextTokens)
        try container.encode(suppressedTokens, forKey: .suppressedTokens)
        try container.encode(suppressNonSpeech, forKey: .suppressNonSpeech)
        try container.encode(suppressBlank, forKey: .suppressBlank)
        try container.encode(tokensPerSecond, forKey: .tokensPerSecond)
        try container.encode(repeatableSeconds, forKey: .repeatableSeconds)
        try container.encode(margin, forKey: .margin)
        try container.encode(wordTimestamps, forKey: .wordTimestamps)
    }
}
