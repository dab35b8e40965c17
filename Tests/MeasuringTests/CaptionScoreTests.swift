import Measuring
import Scoring
import Testing
import WhisperText

@Suite("The score of captions")
struct CaptionScoreTests {
    /// One utterance, "One, two, three four."; its words end at 1, 2, 3 and 4 s, then it is silent; the utterance ends at 4.2 s.
    private func score(
        _ partials: [(time: Double, stable: String, tentative: String)], final: String = "One, two, three four.",
        finalAt: Double = 5
    ) -> CaptionScore {
        var trace = CaptionTrace()
        for (time, stable, tentative) in partials {
            trace.partials.append(.init(time: time, utterance: 0, stable: stable, tentative: tentative))
        }
        trace.finals.append(.init(time: finalAt, utterance: 0, text: final, start: 0.5, end: 4.2))
        let clip = SpeechClip(
            path: "count.wav", language: "en", texts: ["one two three four"], split: "",
            samples: (0..<80_000).map { $0 < 64_000 ? 0.1 : 0 })
        let words = ["One,", "two,", "three", "four."].enumerated().map { index, text in
            Word(text: " " + text, start: Double(index) + 0.5, end: Double(index) + 1, probability: 1)
        }
        let offline = Transcript(
            text: "One, two, three four.", language: "en", duration: 5,
            segments: [.init(start: 0, end: 5, text: "One, two, three four.", words: words)])
        let reading = OfflineReading(offline, language: "en")
        return CaptionScore(trace, of: clip, offline: reading)
    }

    @Test("a word counts from its end to where it is first seen, and first stable")
    func latencies() {
        let score = score([
            (1.25, "", "one"), (2.5, "One", " two"), (3.5, "One, two,", " three"), (4.5, "One, two, three", " four"),
        ])
        #expect(score.tentativeLatency == [0.25, 0.5, 0.5, 0.5])
        // The last one is stable when the final comes.
        #expect(score.stableLatency == [1.5, 1.5, 1.5, 1])
        #expect(score.finalLatency == [1])
        #expect(score.seconds == 5)
        #expect((score.stableWords, score.correctedWords) == (3, 0))
        #expect((score.tentativeWords, score.retractedWords) == (4, 0))
        #expect(
            score.finals.words.errors == 0 && score.offline.words.errors == 0 && score.finals.words.referenceCount == 4)
        // The last one is committed by the final.
        #expect(score.stable.words.errors == 0)
    }

    @Test("a word that the final corrects counts from there")
    func correction() {
        let score = score([(1.5, "won", ""), (2.5, "won two", ""), (4.5, "won two three", "")])
        #expect(score.stableLatency == [4, 0.5, 1.5, 1])
        // Something stood in its place before.
        #expect(score.committedLatency == [0.5, 0.5, 1.5, 1])
        #expect((score.stableWords, score.correctedWords) == (3, 1))
        #expect(score.finals.words.errors == 0)
        #expect(score.stable.words == ErrorRate(substitutions: 1, deletions: 0, insertions: 0, referenceCount: 4))
    }

    @Test("what is taken back counts with all that stood after it")
    func retraction() {
        let score = score([(2, "", "one to free"), (3, "", "one two three"), (4, "one two", "")])
        #expect((score.tentativeWords, score.retractedWords) == (5, 3))
    }

    @Test("a last word that only grows is not taken back")
    func growth() {
        let score = score([(2, "", "one tw"), (3, "", "one two thr"), (4, "one two", " three")])
        #expect((score.tentativeWords, score.retractedWords) == (3, 0))
        // It is when something else follows, or when it shrinks.
        #expect(self.score([(2, "", "one tw three"), (3, "", "one two")]).retractedWords == 2)
        #expect(self.score([(2, "", "one two"), (3, "", "one t")]).retractedWords == 1)
    }

    @Test("a word that no final has is lost, one that comes twice is doubled")
    func joins() {
        let score = score([], final: "One two two three.")
        #expect((score.lostWords, score.doubledWords) == (1, 1))
        #expect(score.finals.words.errors == 2)
        #expect((self.score([], final: "").lostWords, self.score([], final: "").finalWords) == (4, 0))
    }

    @Test("scores of several recordings add up")
    func sum() {
        var total = score([(1.25, "one", "")])
        total += score([(1.5, "won", "")], finalAt: 6)
        #expect(total.seconds == 10)
        #expect(total.finalLatency == [1, 2])
        #expect((total.stableWords, total.correctedWords) == (2, 1))
        #expect(total.stableLatency.count == 8 && total.finals.words.referenceCount == 8)
    }
}
