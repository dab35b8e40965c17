internal import Recognition
internal import Whisper

/// An utterance that is spoken, or waits for its final.
struct Utterance: Sendable {
    let number: Int
    let start: Int
    /// Where it ends, once it is over.
    var end: Int?
    /// Least probability of no speech that the detector gave to its sound.
    var detectorNoSpeech: Float
    /// The live text.
    var policy: any StreamingPolicy
    /// Whether its final may differ from its stable text.
    let isCorrected: Bool
    /// Language of the live windows.
    var language: String?
    /// Whether text from before the utterance is given to the recogniser, for live windows and for the final: not any
    /// more once it led astray. Apart, so that a final does not depend on when live windows came.
    var usesContext = (live: true, final: true)
    /// The caption that was told last; `nil` before the first.
    var told: Caption?
    /// Whether it is over and its last live windows are asked for.
    var isClosing = false
    /// The text of the whole, as far as it is decoded.
    var polish: Polish?

    mutating func hearsSpeech(withNoSpeech probability: Float) {
        detectorNoSpeech = min(detectorNoSpeech, probability)
    }

    /// What is shown of the live text.
    var caption: Caption {
        let caption = policy.caption
        let stable = caption.stable.trimmingLeadingSpace
        return Caption(
            stable: stable, tentative: stable.isEmpty ? caption.tentative.trimmingLeadingSpace : caption.tentative)
    }
}

/// The text of a whole utterance in the making: like a recording, it may take more than one window.
struct Polish: Sendable {
    let range: Range<Int>
    /// Where the next window begins.
    private(set) var position: Int
    private(set) var text = ""
    private(set) var tokens: [Int] = []
    private(set) var words: [Word] = []
    private(set) var language: String?
    private(set) var compressionRatio: Float = 0
    private(set) var noSpeechProbability: Float = 1
    private var logProbability: Float = 0
    private var windows = 0

    /// The rest of an utterance that is too short to hold a word.
    private static let shortest = 0.6
    private static let mostWindows = 4

    init(range: Range<Int>) {
        self.range = range
        position = range.lowerBound
    }

    /// Mean log-probability of the tokens.
    var averageLogProbability: Float { logProbability / Float(max(1, tokens.count)) }

    /// Takes the text of the window from ``position`` to the end.
    ///
    /// - Returns: whether all of the utterance is decoded.
    mutating func add(_ result: RecognitionResult, tokenizer: Tokenizer) -> Bool {
        let seconds = (range.upperBound - position).asSeconds
        let split = SegmentSplitter(result.tokens.map(\.id), tokenizer: tokenizer, seconds: seconds)
        let written = split.pieces.flatMap(\.tokens).filter { !tokenizer.isSpecial($0) }
        let offset = position.asSeconds
        // Words of a segment that is heard again in the next window are left to it.
        let count = words.count
        words += result.words.filter { split.consumed >= seconds || $0.start < split.consumed }
            .map { Word(text: $0.text, start: $0.start + offset, end: $0.end + offset, probability: $0.probability) }
        if split.consumed < seconds {
            words = Array(words.prefix(count + wordCount(written, result.language, tokenizer)))
        }
        text += tokenizer.decode(written)
        logProbability += result.averageLogProbability * Float(written.count)
        tokens += written
        language = language ?? result.language
        compressionRatio = max(compressionRatio, result.compressionRatio)
        noSpeechProbability = min(noSpeechProbability, result.noSpeechProbability)
        position = min(range.upperBound, position + max(split.consumed, 1).asSamples)
        windows += 1
        return written.isEmpty || windows >= Self.mostWindows
            || (range.upperBound - position).asSeconds < Self.shortest
    }

    private func wordCount(_ tokens: [Int], _ language: String, _ tokenizer: Tokenizer) -> Int {
        tokenizer.splitIntoWords(tokens, language: language).count
    }
}

extension HallucinationGuard.Evidence {
    /// What is known of the text of a live window.
    init(_ result: RecognitionResult, seconds: Double, detectorNoSpeech: Float) {
        self.init(
            text: result.text, seconds: seconds, averageLogProbability: result.averageLogProbability,
            compressionRatio: result.compressionRatio, noSpeechProbability: result.noSpeechProbability,
            detectorNoSpeech: detectorNoSpeech)
    }

    /// What is known of the text of a whole utterance.
    init(_ polish: Polish, detectorNoSpeech: Float) {
        self.init(
            text: polish.text, seconds: (polish.range.upperBound - polish.range.lowerBound).asSeconds,
            averageLogProbability: polish.averageLogProbability, compressionRatio: polish.compressionRatio,
            noSpeechProbability: polish.noSpeechProbability, detectorNoSpeech: detectorNoSpeech)
    }
}

extension String {
    /// The text without white space at its start.
    var trimmingLeadingSpace: String { String(drop { $0.isWhitespace }) }
    /// The text without white space at either end.
    var trimmingSpace: String { String(trimmingLeadingSpace.reversed().drop { $0.isWhitespace }.reversed()) }
}
