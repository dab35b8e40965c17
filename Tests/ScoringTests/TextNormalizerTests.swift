import Scoring
import Testing

@Suite("Text normaliser")
struct TextNormalizerTests {
    @Test(
        "keeps what is said",
        arguments: [
            ("ko", "안녕하세요, 여러분!  (박수) [음악] <잡음> 반갑습니다…", "안녕하세요 여러분 반갑습니다"),
            ("ja", "「今日は」、１２３円です。", "今日は 123円です"),
            ("ja", "ｶﾗｵｹ ｶﾞｲﾄﾞ", "カラオケ ガイド"),
            ("de", "Straße – Ärger, 3,5 %", "straße ärger 3 5"),
            ("zh", "你好，世界！", "你好 世界"),
            ("ko", "", ""),
            ("ko", " ♪♪ ... ", ""),
            ("ko", "좋아요 👨‍👩‍👧❤️ 네", "좋아요 네"),
            ("fr", "a (b", "a b"),
            ("fr", "C'est L’été", "c est l été"),
        ])
    func basic(language: String, text: String, expected: String) {
        #expect(TextNormalizer(language: language).normalize(text) == expected)
    }

    @Test("composes Korean syllables that were written as separate letters")
    func decomposedKorean() {
        let letters = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"
        let normalized = TextNormalizer(language: "ko").normalize(letters)
        #expect(Array(normalized.unicodeScalars) == Array("한글".unicodeScalars))
    }

    @Test(
        "writes English out in full",
        arguments: [
            ("Mr. Wu won't, um, pay £1,000.50!", "mister wu will not pay 1000.50"),
            (
                "I can’t; they're sure we'll go, I'd say I've seen",
                "i can not they are sure we will go i would say i have seen"
            ),
            ("It's been done. He 's gone, she'd been", "it has been done he has gone she had been"),
            ("wouldn't've", "would not have"),
            ("Uh, hmm... Dr. St. John's café", "doctor saint john is cafe"),
            ("1,234,567 people in 2026, at 3.14.", "1234567 people in 2026 at 3.14"),
            ("'Hello,' she said o'clock 'tis", "hello she said o clock tis"),
            ("[MUSIC] (Laughs) gonna go <b>", "going to go"),
            ("", ""),
        ])
    func english(text: String, expected: String) {
        #expect(TextNormalizer(language: "en").normalize(text) == expected)
    }

    @Test("normalising twice changes nothing", arguments: ["en", "ko"])
    func idempotent(language: String) {
        let normalizer = TextNormalizer(language: language)
        for text in ["It's 1,000 o'clock, Mr. X.", "그래서, 3시 45분에 (웃음) 만나요!", "A.B.C. won't"] {
            let once = normalizer.normalize(text)
            #expect(normalizer.normalize(once) == once)
        }
    }
}
