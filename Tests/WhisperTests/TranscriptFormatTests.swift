import Foundation
import Testing
import WhisperText

@Suite struct TranscriptFormatTests {
    private let greeting = transcript([
        Segment(start: 0, end: 2.5, text: "안녕하세요, 소리입니다."),
        Segment(start: 2.5, end: 61.0625, text: "It was the best of times."),
        Segment(start: 3599.9996, end: 36_061.007, text: "それは最良の時代であった。"),
    ])

    @Test func textHasASegmentALine() throws {
        #expect(
            try TranscriptFormat.text.render(greeting) == """
                안녕하세요, 소리입니다.
                It was the best of times.
                それは最良の時代であった。

                """)
    }

    @Test func subRipNumbersItsCuesAndAlwaysWritesHours() throws {
        #expect(
            try TranscriptFormat.srt.render(greeting) == """
                1
                00:00:00,000 --> 00:00:02,500
                안녕하세요, 소리입니다.

                2
                00:00:02,500 --> 00:01:01,062
                It was the best of times.

                3
                01:00:00,000 --> 10:01:01,007
                それは最良の時代であった。


                """)
    }

    @Test func webVTTWritesHoursOnlyFromTheFirstHourOn() throws {
        #expect(
            try TranscriptFormat.vtt.render(greeting) == """
                WEBVTT

                00:00.000 --> 00:02.500
                안녕하세요, 소리입니다.

                00:02.500 --> 01:01.062
                It was the best of times.

                01:00:00.000 --> 10:01:01.007
                それは最良の時代であった。


                """)
    }

    @Test func tableHasWholeMilliseconds() throws {
        #expect(
            try TranscriptFormat.tsv.render(greeting) == """
                start\tend\ttext
                0\t2500\t안녕하세요, 소리입니다.
                2500\t61062\tIt was the best of times.
                3600000\t36061007\tそれは最良の時代であった。

                """)
    }

    @Test func jsonReadsBackAsTheSameTranscript() throws {
        var transcript = greeting
        transcript.languageProbability = 0.75
        transcript.segments[0].words = [Word(text: "안녕하세요,", start: 0, end: 1, probability: 0.5)]
        let json = try TranscriptFormat.json.render(transcript)
        #expect(try JSONDecoder().decode(Transcript.self, from: Data(json.utf8)) == transcript)
        #expect(json.hasSuffix("}\n"))
    }

    @Test func jsonIsReadableByPeople() throws {
        let json = try TranscriptFormat.json.render(Self.transcript([Segment(start: 0, end: 1, text: "24/7 소리 🎤")]))
        #expect(json.contains("\"text\" : \"24/7 소리 🎤\""))
        let keys = ["duration", "language", "segments", "text"]
            .compactMap { json.range(of: "\n  \"\($0)\"")?.lowerBound }
        #expect(keys.count == 4)
        #expect(keys == keys.sorted())
    }

    @Test func jsonSurvivesNumbersThatItCannotHold() throws {
        let odd = Self.transcript([Segment(start: 0, end: 1, text: "a", averageLogProbability: -.infinity)])
        let json = try TranscriptFormat.json.render(odd)
        #expect(json.contains("\"averageLogProbability\" : \"-Infinity\""))
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
    }

    @Test func wordsLeaveSubtitlesPerSegment() throws {
        var transcript = greeting
        transcript.segments[1].words = [Word(text: "It", start: 2.5, end: 2.6, probability: 1)]
        for format in [TranscriptFormat.srt, .vtt] {
            #expect(try format.render(transcript) == format.render(greeting))
        }
    }

    @Test(arguments: [TranscriptFormat.text, .srt, .vtt, .tsv])
    func everyTextStaysOnOneLine(format: TranscriptFormat) throws {
        let broken = Self.transcript([Segment(start: 1, end: 2, text: " one\n\n two\r\nthree\u{2028}four\n")])
        let whole = Self.transcript([Segment(start: 1, end: 2, text: "one two three four")])
        #expect(try format.render(broken) == format.render(whole))
        #expect(try format.render(broken).contains("one two three four"))
    }

    @Test func arrowsInTextDoNotLookLikeTimes() throws {
        let transcript = Self.transcript([Segment(start: 0, end: 1, text: "x --> y ----> z")])
        for format in [TranscriptFormat.srt, .vtt] {
            let rendered = try format.render(transcript)
            #expect(rendered.components(separatedBy: "-->").count == 2, "only the arrow between the times is left")
        }
        #expect(try TranscriptFormat.srt.render(transcript).contains("x -> y "))
    }

    @Test func markupInTextIsShownAsWritten() throws {
        let transcript = Self.transcript([Segment(start: 0, end: 1, text: "if a < b && c > d <i>")])
        #expect(try TranscriptFormat.vtt.render(transcript).contains("if a &lt; b &amp;&amp; c > d &lt;i>\n"))
    }

    @Test func tabsInTextDoNotMakeColumns() throws {
        let transcript = Self.transcript([Segment(start: 0, end: 1, text: "a\tb")])
        #expect(try TranscriptFormat.tsv.render(transcript) == "start\tend\ttext\n0\t1000\ta b\n")
    }

    @Test func segmentsWithoutTextAreLeftOut() throws {
        let transcript = Self.transcript([
            Segment(start: 0, end: 1, text: " \n "), Segment(start: 1, end: 2, text: "here"),
        ])
        #expect(try TranscriptFormat.srt.render(transcript) == "1\n00:00:01,000 --> 00:00:02,000\nhere\n\n")
    }

    @Test func anEmptyTranscriptIsAValidFile() throws {
        let nothing = Self.transcript([])
        #expect(try TranscriptFormat.text.render(nothing) == "")
        #expect(try TranscriptFormat.srt.render(nothing) == "")
        #expect(try TranscriptFormat.vtt.render(nothing) == "WEBVTT\n\n")
        #expect(try TranscriptFormat.tsv.render(nothing) == "start\tend\ttext\n")
        let json = try TranscriptFormat.json.render(nothing)
        #expect(try JSONDecoder().decode(Transcript.self, from: Data(json.utf8)) == nothing)
    }

    @Test func extensionsAreTheUsualOnes() {
        #expect(TranscriptFormat.allCases.map(\.fileExtension) == ["txt", "json", "srt", "vtt", "tsv"])
    }

    private static func transcript(_ segments: [Segment]) -> Transcript {
        Transcript(
            text: segments.map(\.text).joined(separator: " "), language: "ko", duration: segments.last?.end ?? 0,
            segments: segments)
    }
}
