import Subtitles
import Terminal
import Testing
import WhisperText

@Suite struct CueCutterTests {
    /// Words of half a second each, with a gap after each.
    private func words(_ texts: [String], from start: Double = 0, gap: Double = 0) -> [Word] {
        texts.enumerated().map { index, text in
            let begin = start + Double(index) * (0.5 + gap)
            return Word(text: text, start: begin, end: begin + 0.5, probability: 1)
        }
    }

    private func spaced(_ text: String) -> [String] {
        text.split(separator: " ").enumerated().map { $0 == 0 ? String($1) : " \($1)" }
    }

    private func cues(_ words: [Word], _ style: CueStyle = CueStyle(), language: String = "en") -> [Segment] {
        CueCutter(style: style).cues(of: words, language: language, limit: 1000)
    }

    /// No line is wider than a screen shows, no cue has more lines or lasts longer, and all words are there in order.
    private func expectReadable(_ cues: [Segment], _ words: [Word], _ style: CueStyle = CueStyle()) {
        for cue in cues {
            let lines = cue.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= style.lineCount && lines.allSatisfy { String($0).displayWidth <= style.lineWidth })
            #expect(cue.end - cue.start <= style.longest && cue.start < cue.end)
        }
        #expect(zip(cues, cues.dropFirst()).allSatisfy { $0.end <= $1.start })
        func bare(_ text: String) -> String { text.filter { !$0.isWhitespace } }
        #expect(bare(cues.map(\.text).joined()) == bare(words.map(\.text).joined()))
    }

    @Test func aLongSentenceIsCutIntoEqualParts() {
        let long = words(spaced(Array(repeating: "word", count: 40).joined(separator: " ")))
        let cues = cues(long)
        expectReadable(cues, long)
        let lengths = cues.map(\.text.count)
        #expect(cues.count >= 3 && (lengths.max() ?? 0) - (lengths.min() ?? 0) <= 10)
    }

    @Test func aLongSentenceIsCutAfterAClause() {
        let text = "We had everything before us when the year had begun, we had nothing at all before us when it ended."
        let cues = cues(
            words(spaced(text)).map { Word(text: $0.text, start: $0.start / 2, end: $0.end / 2, probability: 1) })
        #expect(cues.count == 2 && cues.first?.text.hasSuffix("begun,") == true, "\(cues.map(\.text))")
    }

    @Test(arguments: [(42, 2), (32, 1), (20, 3), (84, 1)])
    func everyStyleIsKept(width: Int, lines: Int) {
        var style = CueStyle()
        (style.lineWidth, style.lineCount) = (width, lines)
        let text = """
            It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness. It \
            was the epoch of belief. No. It was the epoch of incredulity, it was the season of Light.
            """
        let all = words(spaced(text))
        expectReadable(cues(all, style), all, style)
    }

    @Test func hangulTakesTwoColumns() {
        let all = words(spaced(Array(repeating: "안녕하세요", count: 24).joined(separator: " ")))
            .map { Word(text: $0.text, start: $0.start / 4, end: $0.end / 4, probability: 1) }
        let cues = cues(all, language: "ko")
        expectReadable(cues, all)
        // Eleven columns a word with its space: three to a line.
        #expect(cues.count == 4)
    }

    @Test func japaneseIsCutBetweenCharacters() {
        let all = words(Array(repeating: "吾輩は猫である", count: 9)).map {
            Word(text: $0.text, start: $0.start / 2, end: $0.end / 2, probability: 1)
        }
        let cues = cues(all, language: "ja")
        expectReadable(cues, all)
        #expect(cues.count == 2)
    }

    @Test func noSubtitleHangsOverAPause() {
        let all = words(spaced("No, that is what I")) + words([" said", " yesterday."], from: 20)
        let cues = cues(all)
        #expect(cues.map(\.text) == ["No, that is what I", "said yesterday."])
        #expect(cues.first?.end == 2.5 && cues.last?.start == 20)
    }

    @Test func twoShortSentencesShareASubtitleUnlessAPausePartsThem() {
        let one = words(["Yes."]) + words([" I", " said", " so."], from: 0.9)
        #expect(cues(one).map(\.text) == ["Yes. I said so."])
        let two = words(["Yes."]) + words([" I", " said", " so."], from: 3)
        #expect(cues(two).map(\.text) == ["Yes.", "I said so."])
    }

    @Test func aShortSubtitleStaysForASecondIfNothingFollows() {
        #expect(cues(words(["Yes."], from: 3)).first?.end == 4)
        let next = words(["Yes."], from: 3) + words([" Never", " again", " shall", " I", " say", " so."], from: 3.8)
        #expect(CueCutter().cues(of: next, language: "ko", limit: 9).allSatisfy { $0.end <= 6.8 })
        #expect(CueCutter().cues(of: words(["Yes."], from: 3), language: "en", limit: 3.6).first?.end == 3.6)
    }

    @Test func linesAreOfAboutTheSameWidth() {
        let text = CueCutter().wrapped("It was the age of wisdom, it was the age of foolishness,")
        #expect(text == "It was the age of wisdom, it\nwas the age of foolishness,")
    }

    @Test func aTranscriptIsCutByItsWordsAndKeepsSegmentsWithoutAny() {
        var first = Segment(start: 0, end: 3, text: "One two. Three", language: "en")
        first.words = words(["One", " two.", " Three"])
        var second = Segment(start: 3, end: 4, text: "four.", language: "en")
        second.words = words([" four."], from: 1.5)
        let third = Segment(start: 9, end: 10, text: "(music)", language: "en")
        let transcript = Transcript(text: "", language: "en", duration: 12, segments: [first, second, third])
        let cut = transcript.cut(CueStyle())
        #expect(cut.segments.map(\.text) == ["One two. Three four.", "(music)"])
    }

    @Test func languagesAreCutApart() {
        var english = Segment(start: 0, end: 1, text: "One two", language: "en")
        english.words = words(["One", " two"])
        var korean = Segment(start: 1, end: 2, text: "하나 둘", language: "ko")
        korean.words = words([" 하나", " 둘"], from: 1)
        let cut = Transcript(text: "", language: "en", duration: 2, segments: [english, korean]).cut(CueStyle())
        #expect(cut.segments.map(\.text) == ["One two", "하나 둘"])
        #expect(cut.segments.map(\.language) == ["en", "ko"])
    }
}
