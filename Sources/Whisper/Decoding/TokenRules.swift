package import WhisperText

/// The grammar of what Whisper writes: where timestamps come, and what may not start a text.
///
/// The rules are those of `ApplyTimestampRules` and `SuppressBlank` in OpenAI's `decoding.py`.
package struct TokenRules {
    private let endOfText: Int
    private let firstTimestamp: Int
    private let vocabulary: Int
    private let hasTimestamps: Bool
    private let latestStart: Int
    private let latestTime: Int
    /// From this timestamp on, the end of a segment is the end of the text.
    private let endOfSound: Int
    private let blank: [Int]

    /// - Parameters:
    ///   - vocabulary: number of tokens the model knows.
    ///   - seconds: length of the sound in a window that goes on with silence; `nil` when sound fills the window. Nothing is
    ///     said after the sound, but a model that is not stopped there likes to begin anew.
    package init(tokenizer: Tokenizer, vocabulary: Int, options: DecodingOptions, seconds: Double? = nil) {
        endOfText = tokenizer.endOfText
        firstTimestamp = tokenizer.firstTimestamp
        self.vocabulary = vocabulary
        hasTimestamps = options.timestamps
        latestTime = seconds.map { min(vocabulary - 1, tokenizer.timestamp(atSeconds: $0)) } ?? vocabulary - 1
        endOfSound = seconds.map { tokenizer.timestamp(atSeconds: max(0, $0 - Self.shortestSegment)) } ?? vocabulary
        latestStart = min(
            latestTime, options.maximumInitialTimestamp.map { tokenizer.timestamp(atSeconds: $0) } ?? vocabulary - 1)
        blank = options.suppressBlank ? tokenizer.encode(" ") + [endOfText] : []
    }

    /// Seconds of sound at the end that hold no further segment.
    private static let shortestSegment = 0.1

    /// What may follow the tokens that were written so far (without the prompt).
    package func next(after written: some BidirectionalCollection<Int>) -> NextTokens {
        let excluded = written.isEmpty ? blank : []
        guard hasTimestamps else {
            return NextTokens(firstText: 0, timestamps: firstTimestamp..<firstTimestamp, excluded: excluded)
        }
        guard let last = written.last else {
            return NextTokens(firstText: firstTimestamp, timestamps: firstTimestamp..<latestStart + 1, excluded: [])
        }
        let isAfterTimestamp = last >= firstTimestamp
        let isAfterPair = isAfterTimestamp && (written.dropLast().last.map { $0 >= firstTimestamp } ?? true)
        // Two timestamps in a row: one segment's end and the next one's start. Text must follow.
        if isAfterPair { return NextTokens(firstText: 0, timestamps: firstTimestamp..<firstTimestamp) }
        if isAfterTimestamp, last >= endOfSound {
            return NextTokens(firstText: endOfText, timestamps: firstTimestamp..<firstTimestamp)
        }
        // A segment takes time, but the next one may start where it ended.
        let earliest =
            written.last { $0 >= firstTimestamp }.map { isAfterTimestamp ? $0 : min($0 + 1, latestTime + 1) }
            ?? firstTimestamp
        return NextTokens(
            firstText: isAfterTimestamp ? endOfText : 0, timestamps: earliest..<max(earliest, latestTime + 1))
    }
}
