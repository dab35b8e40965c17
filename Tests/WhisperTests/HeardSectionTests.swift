import Testing
import Whisper
import WhisperText

@Suite struct HeardSectionTests {
    private static let rate = Transcriber.sampleRate

    private func range(_ start: Double, _ end: Double) -> Range<Int> {
        Int(start * Double(Self.rate))..<Int(end * Double(Self.rate))
    }

    private func sections(_ spoken: [(Double, Double)], of seconds: Double) -> [HeardSection] {
        [HeardSection](spoken: spoken.map { range($0, $1) }, in: range(0, seconds).upperBound)
    }

    @Test func withoutAGateAllIsHeard() {
        let sections = [HeardSection](spoken: nil, in: 1000)
        #expect(sections == [HeardSection(whole: 1000)])
        #expect([HeardSection](spoken: nil, in: 0).isEmpty && [HeardSection](spoken: [], in: 1000).isEmpty)
    }

    @Test func aLongPauseBeginsAnotherSection() {
        #expect(sections([(1, 3), (12, 14)], of: 20).count == 2)
        #expect(sections([(1, 3), (10, 14)], of: 20).count == 1)
    }

    @Test func pausesAreShortened() {
        let section = sections([(5, 8), (13, 15)], of: 30)[0]
        // Half a second around each of the two.
        #expect(section.count == range(0, 7).upperBound)
        #expect(sections([(5, 8), (9.6, 10)], of: 30)[0].count == range(0, 6).upperBound, "a short one is heard")
        #expect(sections([(0, 8)], of: 8)[0].count == range(0, 8).upperBound, "nothing lies beyond the recording")
    }

    /// Each sample of speech is heard once, in order, and next to what it stood beside.
    @Test func allSpeechIsHeardOnce() {
        let spoken = [(0.1, 2), (2.2, 5), (7, 9), (9.3, 20.0), (31, 32), (33.5, 40)].map { range($0.0, $0.1) }
        let recording = (0..<range(0, 41).upperBound).map { Float($0) }
        var heard: [Int] = []
        for section in [HeardSection](spoken: spoken, in: recording.count) {
            heard += section.samples(of: recording, in: 0..<section.count).map { Int($0) }
        }
        #expect(zip(heard, heard.dropFirst()).allSatisfy { $0 < $1 })
        let set = Set(heard)
        #expect(spoken.allSatisfy { $0.allSatisfy(set.contains) })
    }

    @Test func timesAreThoseOfTheRecording() {
        let section = sections([(5, 8), (13, 15)], of: 30)[0]
        func times(_ start: Double, _ end: Double) -> ClosedRange<Double> { section.times(of: start...end) }
        // The section begins at 4.5 s; its second stretch begins there at 4 s, which is 12.5 s of the recording.
        #expect(isClose(times(1, 2), 5.5...6.5))
        #expect(isClose(times(5, 6), 13.5...14.5))
        #expect(isClose(times(0, 3), 4.9...7.5), "text does not begin before speech")
        #expect(isClose(times(3.8, 5), 12.9...13.5), "nor does it hang over a pause")
        #expect(isClose(times(2, 4.2), 6.5...8.1))
        #expect(isClose(times(2, 5), 6.5...13.5), "unless it was said on both sides")
    }

    private func isClose(_ one: ClosedRange<Double>, _ other: ClosedRange<Double>) -> Bool {
        abs(one.lowerBound - other.lowerBound) < 0.01 && abs(one.upperBound - other.upperBound) < 0.01
    }
}

@Suite struct RepeatedTextTests {
    @Test(arguments: [
        ("I was a child and she was a child", "It was many years ago", false),
        ("In the sepulchre there by the sea, in the tomb", "in her sepulchre there by the waves", false),
        ("She was a child in this kingdom by the sea", "I was a child in this kingdom by the sea", true),
        ("그는 이리저리 피하면서 길 한 옆으로", "어제 그는 이리저리 피하면서 길 한", true),
        ("그는 이리저리 피하면서 왔다", "어제 그는 이리저리 갔다", false),
        ("吾輩は猫である名前はまだ無い", "吾輩は猫である名前はまだ有る", true),
        ("吾輩は犬である", "吾輩は猫である", false), ("", "", false),
    ])
    func textThatStoodBefore(text: String, before: String, repeats: Bool) {
        #expect(RepeatedText.isIn(text, after: before) == repeats)
    }

    @Test func textThatStandsTwiceInItself() {
        #expect(RepeatedText.isIn("by the grave and thee, my love, by the grave and thee", after: ""))
    }
}

@Suite struct RecordingLanguageTests {
    private func heard(_ shares: [String: Float]) -> [(language: Language, probability: Float)] {
        Language.all.compactMap { language in shares[language.code].map { (language, $0) } }
    }

    @Test func whatIsGivenStays() {
        let language = RecordingLanguage(given: "ko")
        #expect(!language.isOpen(afterPause: true) && language.current == "ko" && language.probability == nil)
    }

    @Test func theFirstSpeechDecides() {
        var language = RecordingLanguage(given: nil)
        #expect(language.isOpen(afterPause: false))
        language.hear(heard(["ko": 0.95, "ja": 0.05]), seconds: 10)
        #expect(!language.isUnsure)
        language.decide()
        #expect(language.current == "ko" && !language.isOpen(afterPause: false))
        #expect(abs((language.probability ?? 0) - 0.95) < 0.001)
    }

    @Test func aShortOrDoubtfulStartWaitsForMore() {
        var language = RecordingLanguage(given: nil)
        language.hear(heard(["hu": 0.8, "ko": 0.2]), seconds: 1)
        #expect(language.isUnsure)
        language.hear(heard(["ko": 0.9]), seconds: 10)
        #expect(!language.isUnsure)
        language.decide()
        #expect(language.current == "ko")
    }

    @Test func afterAPauseOnlyCertaintyChangesIt() {
        var language = RecordingLanguage(given: nil)
        language.hear(heard(["ko": 0.99]), seconds: 10)
        language.decide()
        language.wrote(seconds: 10)
        for (share, seconds, code) in [(Float(0.8), 10.0, "ko"), (0.99, 1, "ko"), (0.99, 10, "en")] {
            language.hear(heard(["en": share]), seconds: seconds)
            language.decide()
            #expect(language.current == code)
        }
        language.wrote(seconds: 3)
        #expect(language.main == "ko")
    }
}
