import Recognition
import Streaming
import Testing
import WhisperText

@Suite("Syllables")
struct SyllableTests {
    @Test(
        "are counted in any script",
        arguments: [
            ("", 0), ("...", 0), ("네", 1), ("안녕하세요 여러분", 8), ("Thank you.", 2), ("six", 1), ("no, no, no", 3),
            ("666", 3), ("ありがとう", 5), ("きゃく", 2), ("東京", 2), ("beautiful", 3), ("спасибо", 3), ("I'll see", 2),
            ("hmm", 1), ("하하 ok 3", 4),
        ])
    func count(text: String, syllables: Int) {
        #expect(Syllables.count(text) == syllables)
    }
}

@Suite("Text that was given")
struct GivenTextTests {
    private let given = GivenText(
        prompt: "Hello everyone, welcome back to the stream.", hotwords: ["하루카", "Ellie", "AI"])

    @Test(
        "is found whole, in part, and in other spellings",
        arguments: [
            ("Hello everyone, welcome back to the stream.", 0.99), ("welcome back", 0.99), ("WELCOME... back!", 0.99),
            ("Ellie, 하루카", 0.99), ("AI", 0.99), ("welcome back to my house", 0.5),
        ])
    func found(text: String, least: Double) {
        #expect(given.share(of: text) >= least)
    }

    @Test(
        "is not found in other words, nor in what is too short to tell",
        arguments: ["What a day", "하나", "a", "", "the"])
    func notFound(text: String) {
        #expect(given.share(of: text) < 0.5)
    }

    @Test("is nothing where nothing was given")
    func none() {
        let list = GivenText(prompt: "皆さん、こんにちは。", hotwords: ["はるか", "エリー"])
        for recited in ["はるか、 エリー 皆さん、こんにちは", "はるか、エ"] { #expect(list.isRecited(by: recited)) }
        for said in ["はるか", "エリー", "皆さん、こんにちは", "はるかさん", "", "エリー、はるか"] { #expect(!list.isRecited(by: said)) }
        #expect(!GivenText(prompt: "Hello everyone.").isRecited(by: "Hello everyone."))
        #expect(GivenText().isEmpty && GivenText(prompt: " ", hotwords: [""]).isEmpty)
        #expect(GivenText(prompt: "").share(of: "anything") == 0)
    }
}

@Suite("Likeness of texts")
struct TextLikenessTests {
    @Test("knows two spellings of the same", arguments: [("하루카야", "하루까야"), ("Hey Ellie!", "hey, Ally"), ("네", "네.")])
    func alike(one: String, other: String) {
        #expect(TextLikeness.isAlike(one, other) && TextLikeness.isAlike(other, one))
    }

    @Test("tells other words apart", arguments: [("Hello everyone", "Bah!"), ("", ""), ("하루카", ""), ("감사합니다", "오늘도")])
    func different(one: String, other: String) {
        #expect(!TextLikeness.isAlike(one, other) && !TextLikeness.isAlike(other, one))
    }
}

@Suite("Attention")
struct AttentionScatterTests {
    private func tokens(_ times: [Double?]) -> [RecognitionResult.Token] {
        times.map { .init(id: 0, probability: 1, attendedAt: $0) }
    }

    @Test("of somebody who listens goes forward, with small steps back")
    func listening() {
        #expect(AttentionScatter.of(tokens([0.3, 0.5, 0.4, 0.9, 0.7, 1.4])) == 0)
    }

    @Test("of a text that is made up looks here and there")
    func madeUp() {
        #expect(AttentionScatter.of(tokens([0.34, 0.84, 0.04, 2.7, 4.0, 3.3, 1.6, 3, 0])) > 0.5)
    }

    @Test("says nothing of one or two tokens, nor where it was not asked for")
    func unknown() {
        #expect(AttentionScatter.of(tokens([2, 0])) == 0)
        #expect(AttentionScatter.of(tokens([nil, nil, nil, nil])) == 0)
    }

    @Test("gives words no time where nobody says them")
    func words() {
        func word(_ start: Double, _ end: Double) -> Word { Word(text: " a", start: start, end: end, probability: 1) }
        #expect(AttentionScatter.of([word(0, 2.2), word(2.2, 2.2), word(2.2, 2.2), word(2.2, 2.6)]) == 0.5)
        #expect(AttentionScatter.of([word(0, 0.2), word(0.2, 0.4), word(0.5, 0.8)]) == 0)
        #expect(AttentionScatter.of([word(1, 1), word(1, 1)]) == 0)
    }

    @Test(
        "crowds words that nobody says at the end, behind the last word that was said",
        arguments: [
            ([0.3, 0.2, 0.4], 3), ([0.3, 0.2, 0, 0, 0.02], 2), ([0.3, 0.7, 0, 0, 0, 0, 0, 0, 0, 0, 0], 2),
            ([0.3, 0], 2),
            ([0.1, 0.1, 0.1], 3), ([0, 0, 0], 0), ([], 0),
        ])
    func crowd(seconds: [Double], kept: Int) {
        var end = 0.0
        let words = seconds.map { seconds in
            defer { end += seconds }
            return Word(text: " a", start: end, end: end + seconds, probability: 1)
        }
        #expect(AttentionScatter.crowdedTail(of: words) == kept)
    }
}

@Suite("Silence phrases")
struct SilencePhraseTests {
    @Test(
        "are found at the end of a text, behind a sentence",
        arguments: [
            ([" That", " is", " all.", " Thank", " you."], 2), ([" 끝났어요.", " 감사합니다."], 1),
            (["終", "わ", "り", "。", "ご", "視", "聴", "あ", "り", "が", "と", "う", "ご", "ざ", "い", "ま", "し", "た", "。"], 15),
        ])
    func tail(words: [String], count: Int) {
        #expect(SilencePhrases.tail(of: words) == count)
    }

    @Test(
        "are not found where they belong to a sentence, stand alone, or are too short to tell",
        arguments: [
            [" I", " thank", " you."], [" Thank", " you."], [" 좋아요.", " 네."], [" That", " is", " all."], [],
            [" 감사합니다."],
        ])
    func noTail(words: [String]) {
        #expect(SilencePhrases.tail(of: words) == 0)
    }

    @Test(
        "know cries, however long", arguments: ["아우! 아우!", "오오오오오", "Waaaah!", "oooh", "ああああ", "Ahhh, ohh", "아아앍! 아악!"])
    func cries(text: String) {
        #expect(SilencePhrases.outcries(in: text) > 0)
    }

    @Test("take no words for cries", arguments: ["아니", "who", "how", "우산", "you", "안아", "いいえ", "약", "아약사"])
    func words(text: String) {
        #expect(SilencePhrases.outcries(in: text) == 0)
    }
}
