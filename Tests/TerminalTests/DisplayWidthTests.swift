import Terminal
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("소리", 4), ("こんにちは", 10), ("ｶﾅ", 2), ("漢字", 4), ("ＡＢ", 4), ("「」、。", 8),
        ("é", 1), ("e\u{301}", 1), ("か\u{3099}", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("ㄱㅏ", 4),
        ("🎤", 2), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("🇰🇷", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("©", 1),
        ("a\u{200B}b", 2), ("\u{1B}", 0), ("█▌…×", 4), ("ไทย", 3), ("ที่", 1), ("नमस्ते", 4), ("𠀋", 2),
    ])
    func columns(text: String, width: Int) {
        #expect(text.displayWidth == width, "\(text)")
    }

    @Test func aTextThatFitsStaysWhole() {
        #expect("녹음.flac".truncatedInMiddle(toWidth: 9) == "녹음.flac")
    }

    @Test(arguments: [
        ("a-very-long-recording.flac", 11, "a-ver….flac"), ("아주긴녹음파일이름.flac", 12, "아주긴….flac"),
        ("abcdef", 1, "…"), ("abcdef", 0, ""), ("가나다라", 4, "가…"), ("abcdef", 2, "a…"),
    ])
    func aLongTextLosesItsMiddle(text: String, width: Int, shortened: String) {
        #expect(text.truncatedInMiddle(toWidth: width) == shortened)
    }

    @Test(arguments: 0...20)
    func noTruncationIsTooWide(width: Int) {
        for text in ["아주긴녹음파일이름입니다.flac", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", "a한b글c이d름e과f끝g입h니i다"] {
            #expect(text.truncatedInMiddle(toWidth: width).displayWidth <= width)
            #expect(text.prefixFitting(width).displayWidth <= width)
        }
    }
}
