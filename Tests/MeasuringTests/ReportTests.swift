import Foundation
import Measuring
import Testing

@Suite("The report of a trial")
struct ReportTests {
    /// A second of noise for each word; they end at 1, 2, 3 … s.
    private func clip(_ path: String, _ text: String, language: String = "en", split: String = "") -> SpeechClip {
        let count = text.split(separator: " ").count
        return SpeechClip(
            path: path, language: language, texts: language == "none" ? [] : [text], split: split,
            samples: (0..<count * 16_000).map { $0 % 2 == 0 ? 0.1 : -0.1 })
    }

    private func reading(_ text: String) -> OfflineReading {
        let words = text.split(separator: " ").enumerated()
        return OfflineReading(
            text: text, words: words.map { SpokenWord(text: String($1), end: Double($0) + 1) })
    }

    private func trace(_ final: String, at time: Double, end: Double) -> CaptionTrace {
        var trace = CaptionTrace()
        trace.partials = [.init(time: 1.5, utterance: 0, stable: "", tentative: "one too")]
        trace.finals = [.init(time: time, utterance: 0, text: final, start: 0, end: end)]
        return trace
    }

    private func trial(_ recordings: [Trial.Recording], usage: Trial.Usage? = nil) -> Trial {
        Trial(
            system: "System <1>", model: "base", sessions: 2, date: "2026-11-23T10:00:00Z",
            machine: .init(processor: "A processor", cores: 2, system: "A system"), command: "play", usage: usage,
            recordings: recordings)
    }

    private func report() -> Report {
        let clips = [
            clip("a.wav", "one two three"), clip("b.wav", "하나 둘", language: "ko"),
            clip("song.wav", "la la la la", language: "none", split: "music-vocal"),
        ]
        let recordings = [
            Trial.Recording(path: "a.wav", language: "en", seconds: 3, trace: trace("One to three.", at: 4, end: 3)),
            Trial.Recording(path: "b.wav", language: "ko", seconds: 2, trace: trace("하나 둘", at: 2.5, end: 2)),
            Trial.Recording(path: "song.wav", language: "none", seconds: 4, trace: trace("la la", at: 5, end: 4)),
        ]
        let usage = Trial.Usage(
            cpuSeconds: 4.5, residentBefore: 300_000_000, residentPeak: 400_000_000, wallSeconds: 9, liveWindows: 18)
        return Report(
            trial(recordings, usage: usage), of: clips, [reading("one two three"), reading("하나 둘"), .silence])
    }

    @Test("languages stand apart, and so do songs")
    func groups() throws {
        let summary = report().summary
        #expect(summary.groups.map(\.name) == ["en", "ko", "song"])
        #expect(summary.recordings.map(\.name) == ["a.wav", "b.wav", "song.wav"])
        #expect(summary.groups[0].finals.wordRate == 0.33333)
        #expect(summary.groups[1].finals.characterRate == 0)
        #expect(summary.groups[0].finalAfter?.median == 1)
        #expect(summary.groups[2].finalWordsPerMinute == 30)
        #expect(summary.cost?.cpuSecondsPerSecond == 0.5)
        #expect(summary.cost?.hop == 0.5)
    }

    @Test("the table has a column for each language")
    func table() {
        let lines = ReportTable(report().summary).text.split(separator: "\n")
        #expect(lines[0].split(separator: " ").suffix(3) == ["en", "ko", "song"])
        #expect(lines.contains { $0.hasPrefix("finals") && $0.contains("33.3 % WER") && $0.contains("0.0 % CER") })
        #expect(lines.contains { $0.hasPrefix("false words") && $0.hasSuffix("30.0") })
        #expect(lines.last?.contains("0.50 s of processor time") == true)
    }

    @Test("the page shows each word that is wrong, and what was said")
    func page() {
        let html = ReportPage(report()).html
        #expect(html.contains("one <ins>to</ins> <del>two</del> three"))
        #expect(html.contains("<svg") && html.contains("System &lt;1&gt;") && !html.contains("<1>"))
    }

    @Test("words that are missing are marked where they were said, those that nobody said too")
    func marks() {
        let clips = [clip("a.wav", "one two three four five")]
        var trace = CaptionTrace()
        trace.finals = [
            .init(time: 3, utterance: 0, text: "two", start: 0, end: 2),
            .init(time: 6, utterance: 1, text: "well four", start: 3, end: 5),
        ]
        let recording = Trial.Recording(path: "a.wav", language: "en", seconds: 5, trace: trace)
        let html = ReportPage(Report(trial([recording]), of: clips, [reading("one two three four five")])).html
        #expect(html.contains("<del>one</del> two"))
        #expect(html.contains("<ins>well</ins> <del>three</del> four <del>five</del>"))
    }

    @Test("a later run is held against an earlier one, figure by figure")
    func comparison() throws {
        let now = report().summary
        #expect(try Comparison(now, with: now).lines.isEmpty)
        var before = now
        before.groups[0].finals.wordRate = 0.5
        before.cost?.residentPeak = 200_000_000
        before.groups[1].name = "ja"
        let comparison = try Comparison(now, with: before)
        #expect(
            comparison.lines == [
                .init(group: "en", figure: "finals.wordRate", before: 0.5, now: 0.33333),
                .init(group: "cost", figure: "residentPeak", before: 200_000_000, now: 400_000_000),
            ])
        #expect(comparison.text.contains("+100.0 %"))
    }

    @Test("what is written of a trial is read again, and figures have no text in them")
    func stored() throws {
        let recordings = [
            Trial.Recording(path: "a.wav", language: "en", from: 3.25, seconds: 3, trace: trace("one", at: 4, end: 3))
        ]
        let trial = trial(recordings)
        #expect(try JSONDecoder().decode(Trial.self, from: JSONEncoder().encode(trial)) == trial)
        let kept = String(decoding: try JSONEncoder().encode(report().summary), as: UTF8.self)
        #expect(!kept.contains("하나") && !kept.contains("three"))
        #expect(try JSONDecoder().decode(Report.Summary.self, from: Data(kept.utf8)) == report().summary)
    }
}
