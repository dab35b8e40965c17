import Streaming
import Testing

@Suite("Hallucination guard")
struct HallucinationGuardTests {
    private func reason(
        _ text: String, seconds: Double = 3, probability: Float = -0.3, compression: Float = 1.2, detector: Float = 0.1
    ) -> HallucinationGuard.Reason? {
        HallucinationGuard().reason(
            against: HallucinationGuard.Evidence(
                text: text, seconds: seconds, averageLogProbability: probability, compressionRatio: compression,
                noSpeechProbability: 0.1, detectorNoSpeech: detector))
    }

    @Test(
        "believes what was said clearly",
        arguments: [
            "It was the best of times, it was the worst of times", "오늘 날씨가 참 좋네요.", "今日はいい天気ですね。", "네.",
            "Yes.", "No, no, no!", "안녕하세요 여러분 반갑습니다",
        ])
    func believed(text: String) {
        #expect(reason(text) == nil)
    }

    @Test("finds no text in white space and marks", arguments: ["", "  ", ".", "...", " ♪ ", "?!", "。"])
    func empty(text: String) {
        #expect(reason(text) == .empty)
    }

    @Test("drops unlikely text even where the detector is sure")
    func doubtful() {
        #expect(reason("Possibly this", probability: -3) == .doubtful)
        #expect(reason("Possibly this", probability: -0.5) == nil)
    }

    @Test("drops rather unlikely text where the detector is not sure")
    func noSpeech() {
        #expect(reason("Possibly this", probability: -1, detector: 0.7) == .noSpeech)
        #expect(reason("Possibly this", probability: -0.9, detector: 0.1) == nil)
        #expect(reason("Possibly this", probability: -0.2, detector: 0.7) == nil)
    }

    @Test("drops text that compresses too well, or repeats itself")
    func repetition() {
        #expect(reason("Anything", compression: 5) == .repetition)
        #expect(reason("Thank you. Thank you. Thank you. Thank you. Thank you. Thank you.", seconds: 9) == .repetition)
    }

    @Test("drops more words than anybody says in that time, in any script")
    func tooFast() {
        let english = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        #expect(reason(english, seconds: 1) == .tooFast)
        #expect(reason(english, seconds: 5) == nil)
        let korean = "오늘은 날씨가 참 좋아서 산책을 나가려고 했는데 갑자기 비가 왔어요"
        #expect(reason(korean, seconds: 1) == .tooFast)
        #expect(reason(korean, seconds: 4) == nil)
        #expect(reason("今日はとてもいい天気なので公園に散歩に行きました", seconds: 1) == .tooFast)
    }

    @Test("bears a short word in a very short sound")
    func shortSound() {
        #expect(reason("네", seconds: 0.1) == nil)
        #expect(reason("Yes", seconds: 0) == nil)
    }

    @Test(
        "drops what models write over silence, in every language, where the detector is not sure",
        arguments: [
            "시청해주셔서 감사합니다.", "구독과 좋아요 부탁드립니다", "감사합니다.", "MBC 뉴스 이재경입니다.", "Thanks for watching!",
            "Thank you.", "Please subscribe.", "ご視聴ありがとうございました。", "チャンネル登録お願いします!", "谢谢观看",
            "Untertitel der Amara.org-Community", "Thank you. Thank you.",
        ])
    func silencePhrase(text: String) {
        #expect(reason(text, detector: 0.75) == .silencePhrase)
    }

    @Test(
        "keeps the same phrases where the detector is sure that somebody speaks",
        arguments: ["감사합니다.", "Thank you.", "네"])
    func realThanks(text: String) {
        #expect(reason(text, detector: 0.1) == nil)
    }

    @Test("keeps speech that only begins with such a phrase, even in doubt")
    func longerThanks() {
        #expect(reason("감사합니다 여러분 오늘도 재미있게 놀아요", detector: 0.75) == nil)
        #expect(reason("Thank you for the tea", detector: 0.75) == nil)
        #expect(reason("MBC 뉴스를 매일 보고 있어서 저는 잘 아는 편입니다", detector: 0.75) == nil)
    }

    @Test("takes outcries that are not clear for those of animals", arguments: ["BAH!", "Wah! Wah! Wah!", "Oh", "멍멍!"])
    func outcries(text: String) {
        #expect(reason(text, probability: -0.55) == .silencePhrase)
        #expect(reason(text, probability: -0.2) == nil)
        #expect(reason(text + " my dog", probability: -0.55) == nil)
    }

    @Test(
        "takes many outcries for a baby's, unless the detector is certain that somebody speaks",
        arguments: ["Pfff! EEEE! AHHHHH! AHHHHH! AHHHHH!", "Wah! Wah! Wah!", "うーん!うーん!うーん!"])
    func manyOutcries(text: String) {
        #expect(reason(text, probability: -0.3, detector: 0.34) == .silencePhrase)
        #expect(reason(text, probability: -0.3, detector: 0.1) == nil)
        #expect(reason(text + " I won", probability: -0.3, detector: 0.34) == nil)
    }

    @Test("takes a single word that is not clear for a dog's where the detector hardly hears speech")
    func oneWord() {
        #expect(reason("What?", probability: -0.55, detector: 0.65) == .noSpeech)
        #expect(reason("What?", probability: -0.55, detector: 0.5) == nil)
        #expect(reason("What?", probability: -0.3, detector: 0.65) == nil)
        #expect(reason("What now?", probability: -0.55, detector: 0.65) == nil)
        #expect(reason("뭐라고?", probability: -0.55, detector: 0.65) == nil)
    }

    @Test("a detector that was not asked is not sure")
    func notAsked() {
        #expect(reason("Thank you.", detector: 1) == .silencePhrase)
    }

    @Test("believes more while somebody speaks")
    func live() {
        let evidence = HallucinationGuard.Evidence(
            text: "Possibly this", seconds: 2, averageLogProbability: -0.9, compressionRatio: 1, noSpeechProbability: 0,
            detectorNoSpeech: 0.7)
        #expect(HallucinationGuard().reason(against: evidence) == .noSpeech)
        #expect(HallucinationGuard().live.reason(against: evidence) == nil)
    }
}

@Suite("Hallucination guard, with what is heard")
struct HeardTextTests {
    private func reason(
        _ text: String, seconds: Double = 6, probability: Float = -0.3, compression: Float = 1, detector: Float = 0.1,
        given: Double = 0, scatter: Double = 0, sound: SoundActivity? = nil
    ) -> HallucinationGuard.Reason? {
        HallucinationGuard().reason(
            against: .init(
                text: text, seconds: seconds, averageLogProbability: probability, compressionRatio: compression,
                noSpeechProbability: 0.1, detectorNoSpeech: detector, given: given, scatter: scatter, sound: sound))
    }

    private func cries(_ count: Int, seconds: Double = 6) -> SoundActivity {
        let times: [Range<Double>] = (0..<count).map { index in
            let start = 0.3 + Double(index) * 0.4
            return start..<start + 0.25
        }
        return SoundActivity(Vowels.samples(times, seconds: seconds))
    }

    private let ten = Array(repeating: "six", count: 10).joined(separator: ", ")

    @Test("keeps words that are repeated as often as can be heard", arguments: ["no", "네", "하하"])
    func repeated(word: String) {
        let text = Array(repeating: word, count: word == "하하" ? 7 : 10).joined(separator: " ")
        #expect(reason(text, sound: cries(10)) == nil)
        #expect(reason(text, compression: 3, detector: 0.5, sound: cries(10)) == nil)
    }

    @Test("keeps laughter in one word, and figures")
    func repeatedInAWord() {
        #expect(reason("하하하하하하하하하하하하하하", sound: cries(14)) == nil)
        #expect(reason("66666666666666", sound: cries(10)) == nil)
    }

    @Test("drops them where the sound has no room, nobody listened, or it is doubtful that anybody spoke")
    func noRoom() {
        #expect(reason(ten, sound: cries(2)) == .repetition)
        #expect(reason(ten, sound: SoundActivity([])) == .repetition)
        #expect(reason(ten) == .repetition)
        #expect(reason(ten, detector: 0.7, sound: cries(10)) == .repetition)
        #expect(reason(ten, detector: 0.5, sound: cries(14)) == nil)
        #expect(reason(ten, detector: 0.5, sound: cries(5)) == .repetition)
        #expect(reason(ten, probability: -1, sound: cries(10)) == .repetition)
        #expect(reason(ten, scatter: 0.5, sound: cries(10)) == .repetition)
    }

    @Test("drops sentences that are repeated, whatever can be heard")
    func sentences() {
        let text = Array(repeating: "I will see you in the next video.", count: 5).joined(separator: " ")
        #expect(reason(text, seconds: 30, sound: cries(60, seconds: 26)) == .repetition)
    }

    @Test("drops what was given where the detector is not sure, or the text not clear")
    func given() {
        #expect(reason("Welcome back", given: 0.9) == nil)
        #expect(reason("Welcome back", detector: 0.6, given: 0.9) == .given)
        #expect(reason("Welcome back", probability: -0.8, given: 0.9) == .given)
        #expect(reason("Welcome back", detector: 0.6, given: 0.3) == nil)
        let live = HallucinationGuard.Evidence(
            text: "Welcome back", seconds: 2, averageLogProbability: -0.9, compressionRatio: 1,
            noSpeechProbability: 0.1, detectorNoSpeech: 0.1, given: 0.9)
        #expect(HallucinationGuard().live.reason(against: live) == .given)
    }

    @Test("drops what attention did not listen to, however sure anybody is")
    func unheard() {
        #expect(reason("Anything at all", scatter: 0.4) == .unheard)
        #expect(reason("Anything at all", scatter: 0.25) == nil)
    }

    @Test("drops figures over clicks that the detector takes for anything but speech")
    func clicks() {
        let times: [Range<Double>] = stride(from: 0.5, to: 5, by: 0.5).map { $0..<$0 + 0.05 }
        let clicks = SoundActivity(Vowels.hiss(times, seconds: 6))
        #expect(reason("10mdl 15mdl", detector: 0.77, sound: clicks) == .noSpeech)
        #expect(reason("10mdl 15mdl", detector: 0.77, sound: cries(4)) == nil)
        // It may be whispered.
        #expect(reason("10mdl 15mdl", detector: 0.5, sound: clicks) == nil)
        #expect(reason("10mdl 15mdl", detector: 0.77) == nil)
    }

    @Test("drops thanks that no voice has said, even where the detector is sure")
    func inaudibleThanks() {
        #expect(reason("Thank you.", sound: cries(2)) == nil)
        #expect(reason("Thank you.", sound: SoundActivity([])) == .silencePhrase)
        var clicks = Sound(seconds: 3)
        clicks.burst(from: 1, to: 1.3)
        #expect(reason("Thank you.", sound: SoundActivity(clicks.samples)) == .silencePhrase)
        #expect(reason("감사합니다.", sound: cries(1)) == .silencePhrase)
    }

    @Test("needs the sound only for what repeats itself or is said to nobody")
    func needs() {
        let judge = HallucinationGuard()
        #expect(judge.needsSound(ten, compressionRatio: 1) && judge.needsSound("Thank you.", compressionRatio: 1))
        #expect(judge.needsSound("Something else", compressionRatio: 3))
        #expect(!judge.needsSound("Something else", compressionRatio: 1))
    }
}

@Suite("Repetition")
struct TextRepetitionTests {
    @Test(
        "keeps what people do say",
        arguments: [
            "It was the best of times, it was the worst of times", "no no no no no", "very very very good",
            "네 네 네", "one two three one two three four", "to be or not to be, that is the question",
            "I know you know I know you know it", "하하하하하", "ㅋㅋㅋㅋㅋ", "",
            "Never gonna give you up, never gonna let you down, never gonna run around and desert you",
            "아니 진짜 하하하하하하하하하하하하하하하 이게 뭐야 너무 웃겨서 배가 아파요 여러분",
            "hahahahahahahaha I cannot believe that you really did this to me",
        ])
    func kept(text: String) {
        #expect(!Repetition.isLooping(text))
    }

    @Test(
        "says what is repeated, and how often",
        arguments: [
            ("no no no no no no no", "no", 7), ("Six, six, six, six, six, six.", "six", 6), ("66666666666666", "6", 14),
            ("let's go let's go let's go let's go", "letsgo", 4),
        ])
    func loop(text: String, unit: String, count: Int) {
        let loop = Repetition.loop(in: text)
        #expect(loop?.unit == unit && loop?.count == count)
    }

    @Test(
        "notices loops of a word, of a sentence, and without spaces",
        arguments: [
            "you you you you you you you you", "It was the best. It was the best. It was the best. It was the best.",
            "감사합니다 감사합니다 감사합니다 감사합니다 감사합니다 감사합니다", "ありがとうありがとうありがとうありがとうありがとうありがとう",
            "ああああああああああああああああ",
            "the cat and the dog and the cat and the dog and the cat and the dog and the cat and the dog and the cat and the dog",
        ])
    func loops(text: String) {
        #expect(Repetition.isLooping(text))
    }
}
