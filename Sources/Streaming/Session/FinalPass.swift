internal import Recognition
internal import WhisperText

/// The text of a whole utterance in the making: like a recording, it may take more than one window.
struct FinalPass: Sendable {
    let range: Range<Int>
    /// Whether the detector was sure that somebody speaks when it was begun.
    let isSure: Bool
    /// What the first window begins with.
    private(set) var lead: LeftContext?
    /// Where the next window begins.
    private(set) var position: Int
    private(set) var text = ""
    private(set) var tokens: [Int] = []
    private(set) var words: [Word] = []
    private(set) var language: String?
    /// Probabilities of the languages, by the sound of the first window alone.
    private(set) var languages: [String: Float] = [:]
    private(set) var compressionRatio: Float = 0
    private(set) var noSpeechProbability: Float = 1
    /// Whether all of the utterance is decoded.
    private(set) var isDone = false
    private var logProbability: Float = 0
    private var windows = 0

    /// The rest of an utterance that is too short to hold a word.
    private static let shortest = 0.6
    /// More make the text worse, not longer.
    private static let mostWindows = 4

    init(range: Range<Int>, lead: LeftContext?, isSure: Bool) {
        self.range = range
        self.isSure = isSure
        // A window holds 30 s.
        self.lead = lead.flatMap { (range.upperBound - $0.start).asSeconds <= 29 ? $0 : nil }
        position = range.lowerBound
    }

    /// Mean log-probability of the tokens.
    var averageLogProbability: Float { logProbability / Float(max(1, tokens.count)) }

    /// Whether the next window begins with the lead.
    var hasLeftContext: Bool { lead != nil && position == range.lowerBound }

    /// The sound to decode next.
    var window: Range<Int> { (hasLeftContext ? lead?.start ?? position : position)..<range.upperBound }

    /// The text to force upon the decoder: the lead as a segment with its times, and the start of the next.
    func prefix(tokenizer: Tokenizer) -> [Int] {
        guard hasLeftContext, let lead else { return [] }
        func time(_ sample: Int) -> Int {
            tokenizer.timestamp(atSeconds: (sample - lead.start).asSeconds)
        }
        return [time(lead.start)] + lead.tokens + [time(lead.end), time(position)]
    }

    /// Takes the text of ``window``.
    mutating func add(_ result: RecognitionResult, tokenizer: Tokenizer) {
        // The model's text is bounded: where the lead leaves too little of it, the window is decoded without.
        if hasLeftContext, !result.isComplete {
            lead = nil
            return
        }
        let seconds = (range.upperBound - window.lowerBound).asSeconds
        let split = SegmentSplitter(
            prefix(tokenizer: tokenizer).suffix(1) + result.tokens.map(\.id), tokenizer: tokenizer, seconds: seconds)
        let written = split.pieces.flatMap(\.tokens).filter { !tokenizer.isSpecial($0) }
        let offset = window.lowerBound.asSeconds
        // A segment that was not finished is decoded again in the next window, which brings its words.
        let count = words.count
        words += result.words.filter { split.consumed >= seconds || $0.start < split.consumed }
            .map { Word(text: $0.text, start: $0.start + offset, end: $0.end + offset, probability: $0.probability) }
        if split.consumed < seconds {
            words = Array(words.prefix(count + wordCount(written, result.language, tokenizer)))
        }
        text += tokenizer.decode(written)
        logProbability += result.averageLogProbability * Float(written.count)
        tokens += written
        if language == nil { (language, languages) = (result.language, result.languages) }
        compressionRatio = max(compressionRatio, result.compressionRatio)
        noSpeechProbability = min(noSpeechProbability, result.noSpeechProbability)
        position = min(
            range.upperBound, max(position + 1.asSamples, window.lowerBound + split.consumed.asSamples))
        windows += 1
        isDone =
            written.isEmpty || windows >= Self.mostWindows
            || (range.upperBound - position).asSeconds < Self.shortest
    }

    /// Keeps only these words, from the start.
    mutating func keepWords(_ kept: [Word], tokenizer: Tokenizer) {
        words = kept
        text = kept.map(\.text).joined()
        let tokens = tokenizer.encode(text)
        // Scaled with the number of tokens, so that the mean log-probability stays the same.
        logProbability *= Float(tokens.count) / Float(max(1, self.tokens.count))
        self.tokens = tokens
        // The ratio was that of the whole text. Repetition in the rest is judged by `Repetition`.
        compressionRatio = 0
    }

    private func wordCount(_ tokens: [Int], _ language: String, _ tokenizer: Tokenizer) -> Int {
        tokenizer.splitIntoWords(tokens, language: language).count
    }
}
