import Testing
import WhisperText

@Suite("Tokenizer")
struct TokenizerTests {
    @Test("joins the pair with the lowest id first, the leftmost of equals")
    func mergeOrder() {
        // 256 = bc, 257 = ab, 258 = aa
        let tokenizer = TokenFixtures.toyTokenizer(["bc", "ab", "aa"])
        #expect(tokenizer.encode("abc") == [97, 256])
        #expect(tokenizer.encode("abab") == [257, 257])
        #expect(tokenizer.encode("aaa") == [258, 97])
        #expect(tokenizer.encode("aaaab") == [258, 97, 257])
        #expect(tokenizer.encode("") == [])
    }

    @Test("joins what has been joined before")
    func mergesOfMerges() {
        // 256 = ab, 257 = cd, 258 = abcd, 259 = abcdabcd
        let tokenizer = TokenFixtures.toyTokenizer(["ab", "cd", "abcd", "abcdabcd"])
        #expect(tokenizer.encode("abcdabcdab") == [259, 256])
    }

    @Test("treats special tokens in text as text")
    func specialText() {
        let tokenizer = TokenFixtures.toyTokenizer()
        #expect(tokenizer.encode("<|endoftext|>") == Array("<|endoftext|>".utf8).map(Int.init))
    }

    @Test("gives any text back", arguments: 0..<40 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        let tokenizer = TokenFixtures.toyTokenizer(["th", "he", "the", " the", "'s", "  ", "\u{ac00}"])
        var texts = TextGenerator(seed: seed)
        for _ in 0..<50 {
            let text = texts.next()
            let tokens = tokenizer.encode(text)
            #expect(Array(tokenizer.decode(tokens).utf8) == Array(text.utf8))
            #expect(tokens.flatMap { tokenizer.bytes(of: $0) } == Array(text.utf8))
        }
    }

    @Test("takes a megabyte without a space in its stride", arguments: ["a", "가", " ", "ab"])
    func longWord(unit: String) {
        let tokenizer = TokenFixtures.toyTokenizer(["aa", "aaaa", "ab", "abab", "\u{ac00}"])
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    }

    @Test("leaves special tokens, timestamps and unknown ids out of the text")
    func decoding() {
        let tokenizer = TokenFixtures.toyTokenizer()
        let tokens = [
            tokenizer.startOfTranscript, tokenizer.firstTimestamp, 72, 105, tokenizer.endOfText, 51_864, 60_000, -1,
        ]
        #expect(tokenizer.decode(tokens) == "Hi")
        #expect(tokenizer.bytes(of: tokenizer.endOfText) == [])
        #expect(tokenizer.bytes(of: 72) == [72])
    }

    @Test("writes U+FFFD for bytes that are no characters")
    func illFormed() {
        let tokenizer = TokenFixtures.toyTokenizer()
        #expect(tokenizer.decode([0x41, 0xed, 0x95, 0x42]) == "A\u{fffd}B")
        #expect(tokenizer.decode([0xff, 0x80]) == "\u{fffd}\u{fffd}")
    }

    @Test("ignores special tokens at the end of a vocabulary")
    func longVocabulary() {
        var vocabulary = (0..<50_257).map { id in id < 256 ? [UInt8(id)] : Array("\(id)".utf8) }
        vocabulary.append(Array("<|endoftext|>".utf8))
        let tokenizer = Tokenizer(vocabulary: vocabulary, vocabularySize: 51_865)
        #expect(tokenizer.bytes(of: 50_256) == Array("50256".utf8))
        #expect(tokenizer.bytes(of: 50_257) == [])
        #expect(!tokenizer.encode("<|endoftext|>").contains(50_257))
    }
}

@Suite("Byte alphabet")
struct TokenByteAlphabetTests {
    @Test("spells bytes as GPT-2 does")
    func spelling() {
        #expect(ByteAlphabet.bytes(of: "Ġthe") == Array(" the".utf8))
        #expect(ByteAlphabet.bytes(of: "Ċ") == [0x0a])
        #expect(ByteAlphabet.bytes(of: "Ã©") == Array("é".utf8))
        #expect(ByteAlphabet.bytes(of: "íķľ") == Array("한".utf8))
        #expect(ByteAlphabet.bytes(of: "") == [])
        #expect(ByteAlphabet.bytes(of: "a b") == nil)
        #expect(ByteAlphabet.bytes(of: "한") == nil)
    }

    @Test("has one letter for every byte")
    func complete() {
        let scalars = (0x21...0x143 as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
        let bytes = scalars.compactMap { ByteAlphabet.bytes(of: String(Character($0))) }
        #expect(Set(bytes) == Set((UInt8.min...UInt8.max).map { [$0] }))
        #expect(bytes.count == 256)
    }
}
