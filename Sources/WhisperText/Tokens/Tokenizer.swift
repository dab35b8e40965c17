/// Turns text into the tokens of a Whisper model and back, and knows the model's special tokens.
///
/// Everything follows from the model's list of ordinary tokens and its size, so both kinds of model files work alike.
/// Ordinary tokens come first, then the special ones in a fixed order:
/// end of text, start of transcript, one per language, translate, transcribe, start of language model, start of
/// previous text, no speech, no timestamps, and 1,501 timestamps from 0.00 to 30.00 s.
/// English-only models (`.en`) have one ordinary token less, so that all their special tokens are one lower.
public struct Tokenizer: Sendable {
    /// Number of tokens that the model knows, special tokens included.
    public let vocabularySize: Int
    /// Whether the model knows other languages than English, and translation.
    public let isMultilingual: Bool
    /// The languages of the model, in the order of their tokens: 99, 100 with Cantonese, or English only.
    public let languages: [Language]

    /// Ends the transcript of a window.
    public let endOfText: Int
    /// Begins the transcript of a window; its output row also tells the language and whether there is speech.
    public let startOfTranscript: Int
    /// Asks for a translation to English.
    public let translate: Int
    /// Asks for text in the spoken language.
    public let transcribe: Int
    /// Begins text without audio; only used in training.
    public let startOfLM: Int
    /// Begins the text that came before the window: the prompt.
    public let startOfPrevious: Int
    /// Says that the window holds no speech.
    public let noSpeech: Int
    /// Asks for text without timestamps.
    public let noTimestamps: Int
    /// The timestamp 0.00 s; each later token is 0.02 s later.
    public let firstTimestamp: Int

    /// Tokens that write what nobody says: brackets, speaker tags, musical notes and other symbols, in order of id.
    ///
    /// Suppressed in transcripts unless asked otherwise; full stops and other common punctuation are not among them.
    public let nonSpeechTokens: [Int]

    private let table: TokenTable

    /// Creates the tokenizer of a model with this vocabulary.
    public init(_ vocabulary: Vocabulary) {
        self.init(vocabulary: vocabulary.tokens, vocabularySize: vocabulary.size)
    }

    /// Creates a tokenizer from a model's vocabulary.
    ///
    /// - Parameters:
    ///   - vocabulary: Bytes of the ordinary tokens in order of id; what follows them is ignored.
    ///   - vocabularySize: Rows of the model's token embedding: 51,864 (English), 51,865, or 51,866 (with Cantonese).
    package init(vocabulary: [[UInt8]], vocabularySize: Int) {
        self.vocabularySize = vocabularySize
        isMultilingual = vocabularySize >= Self.smallestMultilingualSize
        endOfText = Self.ordinaryTokenCount(vocabularySize: vocabularySize)
        startOfTranscript = endOfText + 1

        // What is left of the vocabulary after ordinary tokens, 8 other special tokens and timestamps are languages;
        // English-only models have these tokens too, but were not trained on them.
        let languageTokens = vocabularySize - endOfText - 8 - Self.timestampCount
        languages = Array(isMultilingual ? Language.all.prefix(languageTokens) : Language.all.prefix(1))

        translate = startOfTranscript + 1 + languageTokens
        transcribe = translate + 1
        startOfLM = translate + 2
        startOfPrevious = translate + 3
        noSpeech = translate + 4
        noTimestamps = translate + 5
        firstTimestamp = translate + 6

        table = TokenTable(vocabulary.prefix(endOfText))
        nonSpeechTokens = table.nonSpeechTokens
    }

    /// The vocabulary that it was made of.
    public var vocabulary: Vocabulary {
        Vocabulary(tokens: (0..<endOfText).map { bytes(of: $0) }, size: vocabularySize)
    }

    /// How many ordinary tokens a model with so many rows has: 50,256 for English only, otherwise 50,257.
    package static func ordinaryTokenCount(vocabularySize: Int) -> Int {
        vocabularySize >= smallestMultilingualSize ? 50_257 : 50_256
    }

    private static let smallestMultilingualSize = 51_865
    private static let timestampCount = 1_501
}

// MARK: Text

extension Tokenizer {
    /// The tokens of a text. Only ordinary ones: `<|endoftext|>` is spelled out like any other text.
    public func encode(_ text: String) -> [Int] {
        table.encode(text)
    }

    /// The UTF-8 bytes that a token stands for, possibly part of a character; empty for special tokens.
    public func bytes(of token: Int) -> [UInt8] {
        Array(table.bytes(of: token))
    }

    /// The text of tokens. Special tokens and timestamps are left out, ill-formed UTF-8 becomes U+FFFD.
    public func decode(_ tokens: some Sequence<Int>) -> String {
        var text: [UInt8] = []
        for token in tokens { text.append(contentsOf: table.bytes(of: token)) }
        return String(decoding: text, as: UTF8.self)
    }
}

extension TokenTable {
    /// The tokens of a text, as ``Tokenizer/encode(_:)`` gives them.
    func encode(_ text: String) -> [Int] {
        var merger = BytePairMerger(table: self)
        var tokens: [Int] = []
        var bytes: [UInt8] = []
        var text = text
        text.makeContiguousUTF8()
        for word in WordScanner(text) {
            bytes.removeAll(keepingCapacity: true)
            bytes.append(contentsOf: word.utf8)
            merger.encode(bytes, into: &tokens)
        }
        return tokens
    }
}

// MARK: Special tokens

extension Tokenizer {
    /// Whether a token is no text: a timestamp or one of the tokens named above.
    public func isSpecial(_ token: Int) -> Bool {
        token >= endOfText
    }

    /// The token of a language, for a code such as `ko`; `nil` when the model does not know it or only knows English.
    public func languageToken(_ code: String) -> Int? {
        guard isMultilingual, let index = languages.firstIndex(where: { $0.code == code }) else { return nil }
        return startOfTranscript + 1 + index
    }

    /// The language that a token stands for, `nil` for other tokens and in English-only models.
    public func language(of token: Int) -> Language? {
        let index = token - startOfTranscript - 1
        return isMultilingual && languages.indices.contains(index) ? languages[index] : nil
    }

    /// Whether a token is a timestamp.
    public func isTimestamp(_ token: Int) -> Bool {
        token >= firstTimestamp
    }

    /// Seconds from the start of the window that a timestamp stands for, in steps of 0.02.
    public func seconds(of timestamp: Int) -> Double {
        Double(timestamp - firstTimestamp) / 50
    }

    /// The timestamp nearest to a time in seconds from the start of the window, within 0.00...30.00 s.
    public func timestamp(atSeconds seconds: Double) -> Int {
        guard seconds > 0 else { return firstTimestamp }
        return firstTimestamp + Int((min(seconds, 30) * 50).rounded())
    }
}
