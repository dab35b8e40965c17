import Testing
import WhisperText

@Suite("Special tokens")
struct TokenSpecialTests {
    @Test(
        "stand where OpenAI put them",
        arguments: [
            (51_864, [50_256, 50_257, 50_357, 50_358, 50_359, 50_360, 50_361, 50_362, 50_363]),
            (51_865, [50_257, 50_258, 50_358, 50_359, 50_360, 50_361, 50_362, 50_363, 50_364]),
            (51_866, [50_257, 50_258, 50_359, 50_360, 50_361, 50_362, 50_363, 50_364, 50_365]),
        ])
    func positions(vocabularySize: Int, expected: [Int]) {
        let tokenizer = TokenFixtures.toyTokenizer(vocabularySize: vocabularySize)
        let positions = [
            tokenizer.endOfText, tokenizer.startOfTranscript, tokenizer.translate, tokenizer.transcribe,
            tokenizer.startOfLM, tokenizer.startOfPrevious, tokenizer.noSpeech, tokenizer.noTimestamps,
            tokenizer.firstTimestamp,
        ]
        #expect(positions == expected)
        #expect(tokenizer.timestamp(atSeconds: 30) == vocabularySize - 1)
        #expect(tokenizer.isSpecial(tokenizer.endOfText))
        #expect(!tokenizer.isSpecial(tokenizer.endOfText - 1))
    }

    @Test("languages follow the start of transcript")
    func languages() {
        let tokenizer = TokenFixtures.toyTokenizer()
        #expect(tokenizer.isMultilingual)
        #expect(tokenizer.languages.count == 99)
        #expect(tokenizer.languageToken("en") == 50_259)
        #expect(tokenizer.languageToken("zh") == 50_260)
        #expect(tokenizer.languageToken("ko") == 50_264)
        #expect(tokenizer.languageToken("ja") == 50_266)
        #expect(tokenizer.languageToken("su") == 50_357)
        #expect(tokenizer.languageToken("yue") == nil)
        #expect(tokenizer.languageToken("tlh") == nil)
        for language in tokenizer.languages {
            #expect(tokenizer.languageToken(language.code).flatMap { tokenizer.language(of: $0) } == language)
        }
        #expect(tokenizer.language(of: tokenizer.startOfTranscript) == nil)
        #expect(tokenizer.language(of: tokenizer.translate) == nil)
        #expect(tokenizer.language(of: 0) == nil)
    }

    @Test("large-v3 knows Cantonese")
    func cantonese() {
        let tokenizer = TokenFixtures.toyTokenizer(vocabularySize: 51_866)
        #expect(tokenizer.languages.count == 100)
        #expect(tokenizer.languageToken("yue") == 50_358)
        #expect(tokenizer.languageToken("su") == 50_357)
    }

    @Test("English-only models have no choice of language")
    func englishOnly() {
        let tokenizer = TokenFixtures.toyTokenizer(vocabularySize: 51_864)
        #expect(!tokenizer.isMultilingual)
        #expect(tokenizer.languages.map(\.code) == ["en"])
        #expect(tokenizer.languageToken("en") == nil)
        #expect(tokenizer.language(of: 50_258) == nil)
    }

    @Test("timestamps count in steps of 0.02 s")
    func timestamps() {
        let tokenizer = TokenFixtures.toyTokenizer()
        #expect(tokenizer.seconds(of: 50_364) == 0)
        #expect(tokenizer.seconds(of: 50_367) == 0.06)
        #expect(tokenizer.seconds(of: 51_864) == 30)
        #expect(!tokenizer.isTimestamp(50_363))
        #expect(tokenizer.isTimestamp(50_364))
        #expect(tokenizer.timestamp(atSeconds: 1.234) == 50_364 + 62)
        #expect(tokenizer.timestamp(atSeconds: -1) == 50_364)
        #expect(tokenizer.timestamp(atSeconds: 99) == 51_864)
        #expect(tokenizer.timestamp(atSeconds: .nan) == 50_364)
        for token in 50_364...51_864 {
            #expect(tokenizer.timestamp(atSeconds: tokenizer.seconds(of: token)) == token)
        }
    }
}

@Suite("Languages")
struct TokenLanguageTests {
    @Test(
        "are found by what people call them",
        arguments: [
            ("ko", "ko"), ("KO", "ko"), ("Korean", "ko"), ("한국어", "ko"), ("ko-KR", "ko"), ("ko_KR", "ko"),
            (" korean\n", "ko"), ("日本語", "ja"), ("English", "en"), ("en-us", "en"), ("Deutsch", "de"),
            ("burmese", "my"), ("Valencian", "ca"), ("mandarin", "zh"), ("zh-Hans-CN", "zh"), ("Haitian  Creole", "ht"),
            ("jv", "jw"), ("nb-NO", "no"), ("cantonese", "yue"), ("ESPAÑOL", "es"), ("zh-Hant-TW", "zh"),
            ("pt_BR", "pt"), ("ko_KR.UTF-8", "ko"), ("kor", "ko"), ("JPN", "ja"), ("zh-yue", "yue"), ("yue-HK", "yue"),
        ])
    func found(input: String, code: String) {
        #expect(Tokenizer.languageCode(from: input) == code)
    }

    @Test("decomposed Hangul is Hangul")
    func decomposed() {
        #expect(
            Tokenizer.languageCode(from: "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}") == "ko")
    }

    @Test(
        "others are not",
        arguments: [
            "", " ", "-", "klingon", "xx", "k", "한국", "korean-english", "ko-", "ko-!!", "ko KR", "en-abcdefghi",
        ])
    func unknown(input: String) {
        #expect(Tokenizer.languageCode(from: input) == nil)
    }

    @Test("empty and auto are to be heard, in any case", arguments: ["", " ", "auto", "AUTO", " Auto\n"])
    func detected(input: String) {
        #expect(LanguageChoice(input) == .detected)
    }

    @Test("a choice is a language or none")
    func choice() {
        #expect(LanguageChoice("ko-KR") == .spoken("ko") && LanguageChoice("ko-KR")?.code == "ko")
        #expect(LanguageChoice("klingon") == nil && LanguageChoice.detected.code == nil)
    }

    @Test("every language has a code and names of its own")
    func table() {
        #expect(Language.all.count == 100)
        #expect(Set(Language.all.map(\.code)).count == 100)
        #expect(Set(Language.all.map(\.name)).count == 100)
        #expect(
            Language.all.prefix(11).map(\.code) == ["en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl"])
        for language in Language.all {
            #expect(Tokenizer.languageCode(from: language.code) == language.code)
            #expect(Tokenizer.languageCode(from: language.name) == language.code)
            #expect(Tokenizer.languageCode(from: language.nativeName) == language.code)
        }
    }
}
