import Testing
import WhisperText

/// With the vocabulary of a real model; the expected tokens of the first two are those of OpenAI's own tests.
@Suite("Tokenizer of base", .enabled(if: TokenFixtures.tokenizer(ofModel: "base") != nil))
struct TokenModelTests {
    private let tokenizer: Tokenizer

    init() throws {
        tokenizer = try #require(TokenFixtures.tokenizer(ofModel: "base"))
    }

    @Test("encodes Korean as OpenAI does")
    func korean() {
        let tokens = tokenizer.encode("다람쥐 헌 쳇바퀴에 타고파")
        #expect(
            tokens == [
                9835, 22855, 168, 98, 238, 13431, 234, 43517, 229, 47053, 169, 222, 19086, 19840, 1313, 17974,
            ])
        #expect(tokenizer.decode(tokens) == "다람쥐 헌 쳇바퀴에 타고파")
    }

    @Test("splits French, broken character included, as OpenAI does")
    func french() {
        let words = tokenizer.splitIntoWords([8404, 871, 287, 6, 246, 526, 3210, 20378], language: "ja")
        #expect(words.map(\.text) == [" elle", " est", " l", "'", "\u{fffd}", "é", "rit", "oire"])
    }

    @Test("knows the commonest words as one token")
    func common() {
        #expect(tokenizer.encode(" the") == [264])
        #expect(tokenizer.encode(" t") == [256])
        #expect(tokenizer.encode(" and you") == [293, 291])
        #expect(tokenizer.encode("감사합니다") == [13664, 5727, 10267])
    }

    @Test("every ordinary token is what its text is encoded as")
    func everyToken() {
        for token in 0..<tokenizer.endOfText {
            let bytes = tokenizer.bytes(of: token)
            // Parts of characters are no text, and a few tokens such as "'S" are never made because they are two words.
            guard let text = String(validating: bytes, as: UTF8.self), Array(WordScanner(text)).count == 1 else {
                continue
            }
            #expect(tokenizer.encode(text) == [token], "token \(token)")
        }
    }

    @Test("gives any text back", arguments: 100..<140 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        var texts = TextGenerator(seed: seed)
        for _ in 0..<100 {
            let text = texts.next()
            #expect(Array(tokenizer.decode(tokenizer.encode(text)).utf8) == Array(text.utf8))
        }
    }

    @Test("suppresses symbols, not punctuation")
    func nonSpeech() {
        let suppressed = Set(tokenizer.nonSpeechTokens)
        for symbol in ["(", " [", "♪", " ♪", " -", "「", " #"] {
            #expect(suppressed.contains(tokenizer.encode(symbol)[0]), "\(symbol)")
        }
        for mark in [",", ".", "?", "!", "-", "'", "。", "、", " the"] {
            #expect(!suppressed.contains(tokenizer.encode(mark)[0]), "\(mark)")
        }
        #expect(tokenizer.nonSpeechTokens == tokenizer.nonSpeechTokens.sorted())
    }
}
