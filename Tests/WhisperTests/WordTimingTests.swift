import SeededRandom
import Testing
import Whisper
import WhisperText

@Suite("Word times")
struct WordTimingTests {
    // MARK: From attention

    @Test("a word lasts from the row before its first token to the row before the next word's")
    func alignment() {
        // Row 0 is <|notimestamps|>; rows look at frames 0, 2, 3, 5 and 8.
        let peaks = [0..<2, 2..<3, 3..<5, 5..<8, 8..<10]
        let rows = peaks.map { peak in (0..<10).map { peak.contains($0) ? 3 : -1 as Float } }
        let matrix = AttentionMatrix(values: rows.flatMap(\.self), frames: 10)
        #expect(matrix.firstFrames() == [0, 2, 3, 5, 8])
        let timings = [WordTiming](
            words: [
                TokenizedWord(text: " 반갑", tokens: [1, 2]), TokenizedWord(text: " 습니다", tokens: [3]),
                TokenizedWord(text: ".", tokens: [4]), TokenizedWord(text: "", tokens: [50_257]),
            ],
            attention: matrix, probabilities: [0.5, 1, 0.25, 0.75])
        #expect(
            timings == [
                WordTiming(text: " 반갑", tokens: 2, start: 0, end: 0.06, probability: 0.75),
                WordTiming(text: " 습니다", tokens: 1, start: 0.06, end: 0.1, probability: 0.25),
                WordTiming(text: ".", tokens: 1, start: 0.1, end: 0.16, probability: 0.75),
            ])
    }

    @Test("without sound there are no times")
    func noSound() {
        let words = [TokenizedWord(text: " a", tokens: [1])]
        let matrix = AttentionMatrix(values: [], frames: 0)
        #expect([WordTiming](words: words, attention: matrix, probabilities: [1]).isEmpty)
    }

    @Test("words come in order, none ends before it starts", arguments: 0..<40 as Range<UInt64>)
    func order(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let frames = Int.random(in: 1...80, using: &random)
        let counts = (0..<Int.random(in: 1...12, using: &random)).map { _ in Int.random(in: 1...3, using: &random) }
        let tokens = counts.reduce(0, +)
        let values = (0..<(tokens + 1) * frames).map { _ in Float.random(in: -2...2, using: &random) }
        let timings = [WordTiming](
            words: counts.map { TokenizedWord(text: " x", tokens: Array(repeating: 1, count: $0)) },
            attention: AttentionMatrix(values: values, frames: frames),
            probabilities: Array(repeating: 0.5, count: tokens))
        #expect(timings.map(\.tokens) == counts)
        #expect(timings.first?.start == 0)
        for (word, next) in zip(timings, timings.dropFirst()) { #expect(word.end == next.start) }
        for word in timings { #expect(word.start <= word.end && word.end < Double(frames) / 50) }
    }

    // MARK: Punctuation

    @Test(
        "punctuation goes to its word",
        arguments: [
            ([" 안녕", "하세요", ".", " 네", "!"], [" 안녕", "하세요.", " 네!"]),
            ([" 그", "?", " “", "네", "”"], [" 그?", " “네”"]),
            (["今日", "は", "、", "晴れ", "です", "。"], ["今日", "は、", "晴れ", "です。"]),
            (["何", "？", "え", "！", "10", "：", "30"], ["何？", "え！", "10：", "30"]),
            ([" He", " said", ",", " \"", "yes", "\"", "."], [" He", " said,", " \"yes\"."]),
            ([" (", "a", ")", " -", " [", "b", "]"], [" (a)", " - [b]"]),
            // Without a space in front it could be the end of something.
            ([" a", "(", "b"], [" a", "(", "b"]),
            // Nothing to hold on to.
            ([".", " a", " ("], [".", " a", " ("]),
            ([], []),
        ])
    func punctuation(texts: [String], expected: [String]) {
        let words = texts.enumerated().map {
            WordTiming(text: $1, tokens: 1, start: Double($0), end: Double($0 + 1), probability: Float($0))
        }
        let merged = words.mergingPunctuation()
        #expect(merged.map(\.text) == expected)
        #expect(merged.map(\.tokens).reduce(0, +) == texts.count)
    }

    @Test("a word with punctuation keeps its own times and probability")
    func punctuationTimes() {
        let merged = [
            WordTiming(text: " \"", tokens: 1, start: 0, end: 1, probability: 0.1),
            WordTiming(text: "a", tokens: 2, start: 1, end: 2, probability: 0.9),
            WordTiming(text: ".", tokens: 1, start: 2, end: 3, probability: 0.2),
        ].mergingPunctuation()
        #expect(merged == [WordTiming(text: " \"a.", tokens: 4, start: 1, end: 2, probability: 0.9)])
    }

    // MARK: In segments

    /// Expected times were computed with `add_word_timestamps` of faster-whisper 1.2.1.
    @Test("segments and words fit as in the reference", arguments: Fitting.all)
    func fitting(case fitting: Fitting) {
        var segments = fitting.segments
        var lastSpeech = fitting.lastSpeech
        WordTimes(fitting.timings)
            .assign(to: &segments, offset: fitting.offset, endOfText: 50_257, lastSpeech: &lastSpeech)
        #expect(segments.map { ($0.words ?? []).map(\.text) } == fitting.expected.map { $0.words.map(\.0) })
        for (segment, expected) in zip(segments, fitting.expected) {
            #expect(abs(segment.start - expected.start) < 1e-9)
            #expect(abs(segment.end - expected.end) < 1e-9)
            for (word, expected) in zip(segment.words ?? [], expected.words) {
                #expect(abs(word.start - expected.1) < 1e-9)
                #expect(abs(word.end - expected.2) < 1e-9)
            }
        }
        #expect(abs(lastSpeech - fitting.expectedLastSpeech) < 1e-9)
    }

    @Test("the longest plausible word follows from the median, at most 1.4 s")
    func typicalDuration() {
        func times(_ durations: [Double]) -> WordTimes {
            WordTimes(durations.map { WordTiming(text: " a", tokens: 1, start: 1, end: 1 + $0, probability: 1) })
        }
        #expect(times([0.25, 0, 0.5, 1]).typicalDuration == 0.5)
        #expect(times([0.25, 0.5]).typicalDuration == 0.375)
        #expect(times([2, 3, 4]).typicalDuration == 0.7)
        #expect(times([0, 0]).typicalDuration == 0)
    }

    @Test("whatever the attention, no segment or word ends before it starts", arguments: 0..<60 as Range<UInt64>)
    func sanity(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let marks = [" a", " 네", ".", "。", "?", " (", ",", "は"]
        var time = 0.0
        let timings = (0..<20).map { _ in
            let start = time
            time += [0, 0.1, 0.3, 0.5, 2, 4].randomElement(using: &random) ?? 0
            return WordTiming(
                text: marks.randomElement(using: &random) ?? "", tokens: 2, start: start, end: time, probability: 1)
        }
        let cuts = [0, 7, 14, 20].map { time * Double($0) / 20 }
        var segments = zip(cuts, cuts.dropFirst()).map {
            Segment(start: 30 + $0, end: 30 + $1, text: "", tokens: Array(repeating: 7, count: 14) + [50_300])
        }
        var lastSpeech = 30 - Double.random(in: 0...5, using: &random)
        WordTimes(timings).assign(to: &segments, offset: 30, endOfText: 50_257, lastSpeech: &lastSpeech)
        let words = segments.flatMap { $0.words ?? [] }
        #expect(words.map(\.text).joined() == timings.map(\.text).joined())
        for word in words { #expect(word.start <= word.end) }
        for segment in segments { #expect(segment.start <= segment.end) }
        for (word, next) in zip(words, words.dropFirst()) { #expect(word.start <= next.start) }
        #expect(lastSpeech == words.last?.end)
    }
}

/// Words of a window, the segments they belong to, and what should become of both.
struct Fitting: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var offset = 10.0
    var lastSpeech: Double
    var words: [(text: String, tokens: Int, start: Double, end: Double)]
    /// Start, end and number of text tokens.
    var given: [(start: Double, end: Double, tokens: Int)]
    var expected: [(start: Double, end: Double, words: [(String, Double, Double)])]
    var expectedLastSpeech: Double

    var timings: [WordTiming] {
        words.map { WordTiming(text: $0.text, tokens: $0.tokens, start: $0.start, end: $0.end, probability: 1) }
    }

    var segments: [Segment] {
        given.map {
            Segment(start: $0.start, end: $0.end, text: "", tokens: Array(repeating: 9, count: $0.tokens) + [50_400])
        }
    }

    static let all = [
        Fitting(
            testDescription: "after a pause the first word starts late", lastSpeech: 8,
            words: [(" a", 1, 0, 4), (" b", 1, 4, 4.3), (" c", 1, 4.3, 4.6), (" d", 1, 4.6, 4.9), (" e", 1, 4.9, 5.2)],
            given: [(13.8, 15.2, 5)],
            expected: [
                (
                    13.4, 15.2,
                    [(" a", 13.4, 14), (" b", 14, 14.3), (" c", 14.3, 14.6), (" d", 14.6, 14.9), (" e", 14.9, 15.2)]
                )
            ],
            expectedLastSpeech: 15.2),
        Fitting(
            testDescription: "after a pause the second word starts late too", lastSpeech: 8,
            words: [(" a", 1, 0, 1), (" b", 1, 1, 4), (" c", 1, 4, 4.3), (" d", 1, 4.3, 4.6), (" e", 1, 4.6, 4.9)],
            given: [(10, 14.9, 5)],
            expected: [
                (
                    12.8, 14.9,
                    [(" a", 12.8, 13.4), (" b", 13.4, 14), (" c", 14, 14.3), (" d", 14.3, 14.6), (" e", 14.6, 14.9)]
                )
            ],
            expectedLastSpeech: 14.9),
        Fitting(
            testDescription: "a first word that is far too long starts with its segment", lastSpeech: 11.5,
            words: [(" a", 1, 0, 2), (" b", 1, 2, 2.3), (" c", 1, 2.3, 2.6), (" d", 1, 2.6, 2.9), (" e", 1, 2.9, 3.2)],
            given: [(11.2, 13.2, 5)],
            expected: [
                (
                    11.2, 13.2,
                    [(" a", 11.2, 12), (" b", 12, 12.3), (" c", 12.3, 12.6), (" d", 12.6, 12.9), (" e", 12.9, 13.2)]
                )
            ],
            expectedLastSpeech: 13.2),
        Fitting(
            testDescription: "a last word that is far too long ends with its segment", lastSpeech: 10,
            words: [(" a", 1, 0, 0.3), (" b", 1, 0.3, 0.6), (" c", 1, 0.6, 0.9), (" d", 1, 0.9, 6)],
            given: [(10, 11.9, 4)],
            expected: [
                (10, 11.9, [(" a", 10, 10.3), (" b", 10.3, 10.6), (" c", 10.6, 10.9), (" d", 10.9, 11.9)])
            ],
            expectedLastSpeech: 11.9),
        Fitting(
            testDescription: "segments that are a little off are moved to their words", lastSpeech: 10,
            words: [
                (" a", 1, 0, 0.3), (" b", 1, 0.3, 0.6), (" c", 1, 0.6, 0.9), (" d", 1, 0.9, 1.2), (" e", 1, 1.2, 1.6),
            ],
            given: [(10.1, 10.7, 3), (10.7, 11.4, 2)],
            expected: [
                (10, 10.9, [(" a", 10, 10.3), (" b", 10.3, 10.6), (" c", 10.6, 10.9)]),
                (10.9, 11.6, [(" d", 10.9, 11.2), (" e", 11.2, 11.6)]),
            ],
            expectedLastSpeech: 11.6),
        Fitting(
            testDescription: "words beside the end of a sentence are shortened", offset: 0, lastSpeech: 0,
            words: [
                (" a", 1, 0, 0.3), (".", 1, 0.3, 2.3), (" b", 1, 2.3, 4.3), (" c", 1, 4.3, 4.6), ("?", 1, 4.6, 4.7),
            ],
            given: [(0, 4.7, 5)],
            expected: [(0, 4.6, [(" a.", 0, 0.3), (" b", 3.7, 4.3), (" c?", 4.3, 4.6)])],
            expectedLastSpeech: 4.6),
        Fitting(
            testDescription: "a pause between segments counts as one", offset: 20, lastSpeech: 20,
            words: [
                (" 안녕", 2, 0, 0.4), (" 하세요", 2, 0.4, 0.8), (".", 1, 0.8, 0.9), (" 네", 1, 0.9, 6), ("!", 1, 6, 6.2),
            ],
            given: [(20, 20.9, 5), (25.7, 26.2, 2)],
            expected: [
                (20, 20.8, [(" 안녕", 20, 20.4), (" 하세요.", 20.4, 20.8)]), (25.2, 26, [(" 네!", 25.2, 26)]),
            ],
            expectedLastSpeech: 26),
        Fitting(
            testDescription: "a word across two segments belongs to the first", offset: 0, lastSpeech: 0,
            words: [("ab", 2, 0, 0.4), ("c", 1, 0.4, 0.8), ("d", 1, 0.8, 0.9)],
            given: [(0, 0.2, 1), (0.2, 0.9, 3)],
            expected: [(0, 0.4, [("ab", 0, 0.4)]), (0.4, 0.9, [("c", 0.4, 0.8), ("d", 0.8, 0.9)])],
            expectedLastSpeech: 0.9),
        Fitting(
            testDescription: "a segment without text keeps its times", offset: 0, lastSpeech: 0,
            words: [("ab", 2, 0, 0.4)],
            given: [(0, 0.2, 2), (0.2, 0.9, 0)],
            expected: [(0, 0.4, [("ab", 0, 0.4)]), (0.2, 0.9, [])],
            expectedLastSpeech: 0.4),
    ]
}
