import Foundation
import Listening
import SoriProtocol
import Testing
import WhisperText

@Suite struct SubtitleTests {
    /// An utterance whose words last half a second each; spaces stand before words that begin with one.
    private func utterance(_ words: [String], from start: Double = 0, gap: Double = 0, language: String = "en")
        -> ServerMessage.Final
    {
        let timed = words.enumerated().map { index, word in
            let begin = start + Double(index) * (0.5 + gap)
            return ServerMessage.Final.Word(
                text: word.trimmingCharacters(in: .whitespaces), start: begin, end: begin + 0.5, confidence: 1)
        }
        return ServerMessage.Final(
            utterance: 0, text: words.joined(), words: timed, start: start, end: timed.last?.end ?? start + 1,
            language: language, confidence: 1)
    }

    private func words(_ text: String) -> [String] {
        text.split(separator: " ").enumerated().map { $0 == 0 ? String($1) : " \($1)" }
    }

    @Test func aShortUtteranceIsOneSubtitle() throws {
        let cue = try #require(LiveCaptionCues.all(utterance(words("It was the best of times."))).first)
        #expect(cue.text == "It was the best of times." && cue.start == 0 && cue.end == 3)
    }

    @Test func sentencesAreSubtitlesOfTheirOwn() {
        let text = "It was the best of times, they say. It was the worst of times, we think."
        let cues = LiveCaptionCues.all(utterance(words(text)))
        #expect(cues.map(\.text) == ["It was the best of times, they say.", "It was the worst of times, we think."])
        #expect(cues[1].start == 4)
    }

    @Test func aLongUtteranceFillsTwoLines() {
        let cues = LiveCaptionCues.all(utterance(words(Array(repeating: "word", count: 30).joined(separator: " "))))
        #expect(cues.count >= 2)
        #expect(cues.allSatisfy { $0.text.split(separator: "\n").count <= 2 && $0.end - $0.start <= 7 })
    }

    @Test func japaneseHasNoSpaces() {
        let cues = LiveCaptionCues.all(utterance(["吾輩", "は", "猫", "である", "。"], language: "ja"))
        #expect(cues.map(\.text) == ["吾輩は猫である。"])
    }

    @Test func whereWordsAreNotThoseOfTheTextTheTextIsOneSubtitle() {
        var final = utterance(words("one two"))
        final.text = "Eins, zwei."
        #expect(LiveCaptionCues.all(final).map(\.text) == ["Eins, zwei."])
        final.words = []
        #expect(LiveCaptionCues.all(final).map(\.text) == ["Eins, zwei."])
        final.text = " "
        #expect(LiveCaptionCues.all(final).isEmpty)
    }

    @Test func aFlashStaysLongEnough() {
        var final = utterance(["Yes."], from: 3)
        final.words[0].end = 3.1
        #expect(LiveCaptionCues.all(final).first?.end == 3.5)
    }

    @Test func subRipIsNumberedOn() {
        var transcript = LiveTranscript(format: .srt)
        #expect(transcript.opening.isEmpty)
        #expect(transcript.append(utterance(["Yes."], from: 3599.9)) == "1\n00:59:59,900 --> 01:00:00,400\nYes.\n\n")
        #expect(transcript.append(utterance(["a", " --> b"])) == "2\n00:00:00,000 --> 00:00:01,000\na -> b\n\n")
        #expect(transcript.append(utterance([" "])).isEmpty)
        #expect(transcript.appendGap(from: 2, to: 3) == "3\n00:00:02,000 --> 00:00:03,000\n[…]\n\n")
    }

    @Test func webVTTHasOneOpening() {
        var transcript = LiveTranscript(format: .vtt)
        #expect(transcript.opening == "WEBVTT\n\n")
        #expect(transcript.append(utterance(["<b>", " & co"])) == "00:00.000 --> 00:01.000\n&lt;b> &amp; co\n\n")
        #expect(transcript.append(utterance(["2"])) == "00:00.000 --> 00:00.500\n2\n\n")
    }

    @Test func textIsALineAnUtterance() {
        var transcript = LiveTranscript(format: .text)
        #expect(transcript.append(utterance(["One.\n", " Two."])) == "One. Two.\n")
        #expect(transcript.append(utterance([""])).isEmpty)
    }
}

/// The cues of a final, as the tests compare them.
private enum LiveCaptionCues {
    static func all(_ final: ServerMessage.Final) -> [(start: Double, end: Double, text: String)] {
        LiveCues.cues(of: final).map { ($0.start, $0.end, $0.text) }
    }
}

@Suite struct TranscriptFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "ListeningTests-\(UUID().uuidString)")

    private func final(_ text: String, _ start: Double) -> ServerMessage.Final {
        .init(
            utterance: 0, text: text, words: [], start: start, end: start + 1, language: "ko", confidence: 1)
    }

    private func withFolder(_ body: (_ path: (String) -> String) throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body { folder.appending(path: $0).path }
    }

    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func theFileIsWholeAfterEveryUtterance() throws {
        try withFolder { path in
            var file = try TranscriptFile(path: path("a.vtt"), format: .vtt)
            try file.begin()
            #expect(try content(path("a.vtt")) == "WEBVTT\n\n")
            try file.append(final("하나", 0))
            #expect(try content(path("a.vtt")) == "WEBVTT\n\n00:00.000 --> 00:01.000\n하나\n\n")
            try file.append(final("둘", 1))
            #expect(try content(path("a.vtt")).hasSuffix("00:01.000 --> 00:02.000\n둘\n\n"))
        }
    }

    @Test func whatIsThereIsNotLost() throws {
        try withFolder { path in
            try "old\n".write(toFile: path("a.txt"), atomically: true, encoding: .utf8)
            let error = #expect(throws: LiveError.self) { try TranscriptFile(path: path("a.txt"), format: .text) }
            #expect(error?.description.contains("--overwrite") == true)
            #expect(try content(path("a.txt")) == "old\n")
            var file = try TranscriptFile(path: path("a.txt"), format: .text, replaces: true)
            #expect(try content(path("a.txt")) == "old\n", "before there is something new")
            try file.append(final("new", 0))
            #expect(try content(path("a.txt")) == "new\n")
        }
    }

    @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
        let error = #expect(throws: LiveError.self) {
            try TranscriptFile(path: "/nowhere/at/all.srt", format: .srt)
        }
        #expect(error?.description.hasPrefix("/nowhere/at/all.srt cannot be written") == true)
        _ = try TranscriptFile(path: "/dev/zero", format: .srt)
    }
}
