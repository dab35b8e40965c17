import SeededRandom
import Testing
import WhisperText

@Suite("Words")
struct TokenWordTests {
    @Test(
        "pieces of text before tokens are made",
        arguments: [
            ("It's 3 o'clock, you're late", ["It", "'s", " 3", " o", "'", "clock", ",", " you", "'re", " late"]),
            ("we'll we've I'm he'd don't", ["we", "'ll", " we", "'ve", " I", "'m", " he", "'d", " don", "'t"]),
            ("'S 'v 'l !'s ''s", ["'", "S", " '", "v", " '", "l", " !'", "s", " ''", "s"]),
            ("a  b", ["a", " ", " b"]),
            ("a   b ", ["a", "  ", " b", " "]),
            ("a\nb", ["a", "\n", "b"]),
            (" \n\n b", [" \n\n", " b"]),
            ("a\n\nb", ["a", "\n", "\n", "b"]),
            ("\u{3000}日本\u{a0}語", ["\u{3000}", "日本", "\u{a0}", "語"]),
            ("abc123가나다!?", ["abc", "123", "가나다", "!?"]),
            ("½Ⅷ①", ["½Ⅷ①"]),
            ("e\u{301}a", ["e", "\u{301}", "a"]),
            ("🇰🇷 👨‍👩‍👧!", ["🇰🇷", " 👨‍👩‍👧!"]),
            ("a\u{0}\u{1c}b", ["a", "\u{0}\u{1c}", "b"]),
            ("", []),
        ])
    func pieces(text: String, expected: [String]) {
        let pieces = WordScanner(text).map { Array($0.utf8) }
        #expect(pieces == expected.map { Array($0.utf8) })
    }

    @Test("pieces are the whole text, none empty", arguments: 0..<40 as Range<UInt64>)
    func wholeText(seed: UInt64) {
        var texts = TextGenerator(seed: seed)
        for _ in 0..<50 {
            let text = texts.next()
            let pieces = WordScanner(text).map { Array($0.utf8) }
            #expect(pieces.flatMap(\.self) == Array(text.utf8))
            #expect(!pieces.contains([]))
        }
    }

    @Test("words of tokens begin with their space")
    func spaces() {
        let tokenizer = TokenFixtures.toyTokenizer([" a", "나", " 나", "는"])
        let tokens = tokenizer.encode(" abc, 나는 a")
        let words = tokenizer.splitIntoWords(tokens, language: "ko")
        #expect(words.map(\.text) == [" abc", ",", " 나는", " a"])
        #expect(words.flatMap(\.tokens) == tokens)
    }

    @Test("no word ends inside a character", arguments: ["ko", "ja", "en", "zh"])
    func wholeCharacters(language: String) {
        // Every token is one byte, so a syllable takes three and an emoji four.
        let tokenizer = TokenFixtures.toyTokenizer()
        let text = " 한국어 テスト🎤 a"
        let words = tokenizer.splitIntoWords(tokenizer.encode(text), language: language)
        #expect(words.map(\.text).joined() == text)
        #expect(!words.contains { $0.text.contains("\u{fffd}") })
        for word in words { #expect(tokenizer.decode(word.tokens) == word.text) }
    }

    @Test("languages without spaces are split at characters")
    func characters() {
        let tokenizer = TokenFixtures.toyTokenizer(["日", "本", "日本"])
        let tokens = [258] + tokenizer.encode("語")
        #expect(tokenizer.splitIntoWords(tokens, language: "ja").map(\.text) == ["日本", "語"])
        #expect(tokenizer.splitIntoWords(tokens, language: "ko").map(\.text) == ["日本語"])
    }

    @Test("special tokens are words without text")
    func specialTokens() {
        let tokenizer = TokenFixtures.toyTokenizer()
        let tokens = [tokenizer.firstTimestamp, 72, 105, 0xed, tokenizer.endOfText]
        #expect(
            tokenizer.splitIntoWords(tokens, language: "en") == [
                TokenizedWord(text: "", tokens: [tokenizer.firstTimestamp]),
                TokenizedWord(text: "Hi\u{fffd}", tokens: [72, 105, 0xed]),
                TokenizedWord(text: "", tokens: [tokenizer.endOfText]),
            ])
    }
}

@Suite("Text assembler")
struct TokenTextAssemblerTests {
    @Test("shows a syllable when it is complete, not before")
    func syllable() {
        var assembler = TextAssembler()
        let bytes = Array("한".utf8)
        #expect(assembler.append([0x41, bytes[0]]) == "A")
        #expect(assembler.isInsideCharacter)
        #expect(assembler.append([bytes[1]]) == "")
        #expect(assembler.append([bytes[2]]) == "한")
        #expect(!assembler.isInsideCharacter)
        #expect(assembler.flush() == "")
    }

    @Test("tells at the end that a character is missing a part")
    func unfinished() {
        var assembler = TextAssembler()
        #expect(assembler.append(Array("🎤".utf8).prefix(3)) == "")
        #expect(assembler.flush() == "\u{fffd}")
        #expect(assembler.append([0x42]) == "B")
    }

    @Test(
        "does not wait for what can never be completed",
        arguments: [[0xc0], [0xe0, 0x80], [0xed, 0xa0], [0xf5], [0x80]])
    func hopeless(bytes: [UInt8]) {
        var assembler = TextAssembler()
        let text = assembler.append(bytes)
        #expect(!assembler.isInsideCharacter)
        #expect(text == String(repeating: "\u{fffd}", count: bytes.count))
    }

    @Test("pieces together are the text of all bytes at once", arguments: 0..<100 as Range<UInt64>)
    func anyBytes(seed: UInt64) {
        var generator = SplitMix64(state: seed)
        var bytes: [UInt8] = []
        for _ in 0..<60 {
            // Real characters, cut short now and then, and stray bytes.
            let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10_ffff, using: &generator)) ?? "가"
            let character = Array(String(Character(scalar)).utf8)
            bytes += character.prefix(Int.random(in: 1...5, using: &generator))
            if Int.random(in: 0..<4, using: &generator) == 0 { bytes.append(.random(in: 0...255, using: &generator)) }
        }
        var assembler = TextAssembler()
        var text = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int.random(in: 0...4, using: &generator)
            text += assembler.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        text += assembler.flush()
        #expect(Array(text.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }
}
