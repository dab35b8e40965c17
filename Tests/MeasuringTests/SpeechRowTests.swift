import Measuring
import Testing

@Suite("Recordings in a row")
struct SpeechRowTests {
    private func clip(_ path: String, seconds: Int, sentences: [SpeechClip.Sentence] = []) -> SpeechClip {
        SpeechClip(
            path: path, language: "en", texts: [path], split: "", sentences: sentences,
            samples: Array(repeating: 0.1, count: seconds * 16_000))
    }

    @Test("they follow each other with silence between, and fill the row to its end")
    func row() {
        let row = SpeechRow([clip("a", seconds: 3), clip("b", seconds: 4)], seconds: 20)
        #expect(row.clips.map(\.path) == ["a", "b"])
        #expect(row.starts == [0, 5])
        #expect(row.sound.seconds == 20)
        #expect(row.sound.samples[4 * 16_000] == 0 && row.sound.samples[6 * 16_000] == 0.1)
    }

    @Test("what does not fit is cut between sentences, or left out")
    func cut() {
        let sentences = [
            SpeechClip.Sentence(start: 0, end: 3, text: "one"), .init(start: 4, end: 9, text: "two"),
        ]
        let row = SpeechRow([clip("a", seconds: 9, sentences: sentences), clip("b", seconds: 9)], seconds: 8)
        #expect(row.clips.map(\.path) == ["a"])
        #expect(row.clips.first?.seconds == 3.5 && row.clips.first?.texts == ["one"])
        #expect(row.sound.seconds == 8)
    }

    @Test("a part of a trace is that of a recording of its own")
    func part() {
        var trace = CaptionTrace()
        trace.partials = [
            .init(time: 1, utterance: 0, stable: "a", tentative: ""),
            .init(time: 11, utterance: 1, stable: "b", tentative: ""),
        ]
        trace.finals = [
            .init(time: 2, utterance: 0, text: "a", start: 0, end: 1.5),
            .init(time: 12, utterance: 1, text: "b", start: 10.5, end: 11.5),
        ]
        let part = trace.part(from: 10, seconds: 5)
        #expect(part.finals == [.init(time: 2, utterance: 1, text: "b", start: 0.5, end: 1.5)])
        #expect(part.partials == [.init(time: 1, utterance: 1, stable: "b", tentative: "")])
    }
}
