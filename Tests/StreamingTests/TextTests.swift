import Streaming
import Testing
import WhisperText

@Suite("Context")
struct TextContextTests {
    private func seconds(_ range: Range<Double>) -> Range<Int> {
        range.lowerBound.asSamples..<range.upperBound.asSamples
    }

    @Test("gives what was said just before")
    func recent() {
        var context = TextContext()
        #expect(context.tokens(at: 0) == [])
        context.add([1, 2], spokenIn: seconds(0..<2))
        context.add([3], spokenIn: seconds(3..<4))
        #expect(context.tokens(at: 5.asSamples) == [1, 2, 3])
    }

    @Test("is at most 64 tokens long, the newest")
    func limit() {
        var context = TextContext()
        for token in 0..<100 { context.add([token], spokenIn: seconds(Double(token)..<Double(token) + 1)) }
        #expect(context.tokens(at: 100.asSamples) == Array(36..<100))
    }

    @Test("is forgotten after a long pause, and does not come back after the next word")
    func longPause() {
        var context = TextContext()
        context.add([1, 2], spokenIn: seconds(0..<2))
        #expect(context.tokens(at: 10.asSamples) == [1, 2])
        #expect(context.tokens(at: 10.1.asSamples) == [])
        context.add([3], spokenIn: seconds(12..<13))
        #expect(context.tokens(at: 14.asSamples) == [3])
    }

    @Test("survives a long utterance that follows at once")
    func longUtterance() {
        var context = TextContext()
        context.add([1], spokenIn: seconds(0..<2))
        context.add([2], spokenIn: seconds(3..<27))
        #expect(context.tokens(at: 28.asSamples) == [1, 2])
    }

    @Test("is empty once cleared, and starts anew")
    func clear() {
        var context = TextContext()
        context.add([1], spokenIn: seconds(0..<2))
        context.clear()
        #expect(context.tokens(at: 3.asSamples) == [])
        context.add([2], spokenIn: seconds(3..<4))
        #expect(context.tokens(at: 5.asSamples) == [2])
    }
}

@Suite("Sentences")
struct SentenceSplitterTests {
    /// Splits words at `|`, each 0.2 s long; `~` before a word is a pause of 0.4 s, `~~` of 0.8 s.
    private func split(_ text: String, language: String) -> [String] {
        var time = 0.0
        let words = text.split(separator: "|").map { (piece: Substring) -> Word in
            time += 0.4 * Double(piece.prefix { $0 == "~" }.count)
            defer { time += 0.2 }
            return Word(text: String(piece.drop(while: { $0 == "~" })), start: time, end: time + 0.2, probability: 1)
        }
        let sentences = SentenceSplitter(language: language).split(words)
        #expect(sentences.flatMap(\.self) == words)
        return sentences.map { $0.map(\.text).joined() }
    }

    @Test("ends English sentences at their marks")
    func english() {
        #expect(
            split(" Hello| there.| How| are| you?| Fine!", language: "en") == [
                " Hello there.", " How are you?", " Fine!",
            ])
    }

    @Test("keeps quotes and brackets with their sentence")
    func quotes() {
        #expect(split(" \"Go| away.\"| He| went.", language: "en") == [" \"Go away.\"", " He went."])
        #expect(split(" Go.|\"| Now", language: "en") == [" Go.\"", " Now"])
        #expect(split(" (See| it.)| Now", language: "en") == [" (See it.)", " Now"])
    }

    @Test("does not end a sentence at an abbreviation or an initial")
    func abbreviations() {
        #expect(split(" Mr.| Smith| met| Dr.| J.| R.| Jones.| They| left.", language: "en").count == 2)
        #expect(split(" apples,| e.g.| red| ones", language: "en").count == 1)
        #expect(split(" The| U.S.| Senate| meets| at| 9| a.m.| today.", language: "en").count == 1)
        #expect(split(" Vitamin| a.| Next", language: "en").count == 2)
    }

    @Test("takes \"No.\" for a sentence, but not before a number")
    func no() {
        #expect(split(" No.| I| won't.", language: "en") == [" No.", " I won't."])
        #expect(split(" Chanel| No.| 5| is| old.", language: "en").count == 1)
    }

    @Test("does not end a sentence within a number")
    func numbers() {
        #expect(split(" It| is| 3.5| percent.| Good.", language: "en").count == 2)
        #expect(split(" It| is| 3|.5| percent.| Good.", language: "en").count == 2)
    }

    @Test("ends a sentence without marks at a long pause")
    func pause() {
        #expect(split(" so| I| went|~~ then| he| came", language: "en") == [" so I went", " then he came"])
        #expect(split(" so| I| went|~ then| he| came", language: "en").count == 1)
    }

    @Test("ends Korean sentences at a spoken ending before a short pause, and only there")
    func korean() {
        #expect(split(" 밥| 먹었어요|~ 이제| 갈게요", language: "ko") == [" 밥 먹었어요", " 이제 갈게요"])
        #expect(split(" 밥| 먹었어요| 이제| 갈게요", language: "ko").count == 1)
        #expect(split(" 밥을|~ 먹었어요", language: "ko").count == 1)
        #expect(split(" 좋습니다.| 갑시다!", language: "ko") == [" 좋습니다.", " 갑시다!"])
        #expect(split(" 먹었어요|~ 이제", language: "en").count == 1)
    }

    @Test("ends Japanese sentences at their marks, which stand alone")
    func japanese() {
        #expect(split("今日|は|雨|です|。|明日|は|？|「|はい|。|」|では", language: "ja") == ["今日は雨です。", "明日は？", "「はい。」", "では"])
    }

    @Test("keeps marks that follow each other together")
    func marks() {
        #expect(split(" What|?|!| Yes", language: "en") == [" What?!", " Yes"])
    }

    @Test("makes nothing of no words, and one of one")
    func small() {
        #expect(SentenceSplitter(language: "ko").split([]).isEmpty)
        #expect(split(" 네", language: "ko") == [" 네"])
    }
}
