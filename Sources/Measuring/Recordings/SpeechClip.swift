/// A recording in memory, or a part of one.
package struct SpeechClip: Sendable {
    /// A sentence of a long recording.
    package struct Sentence: Sendable, Equatable, Codable {
        /// Seconds from the start of the recording.
        package var start: Double
        package var end: Double
        package var text: String

        package init(start: Double, end: Double, text: String) {
            self.start = start
            self.end = end
            self.text = text
        }
    }

    /// As the manifest has it.
    package var path: String
    /// Code, or `none` for sound without speech.
    package var language: String
    /// What is said, in one or more spellings: the best counts.
    package var texts: [String]
    /// Corpus or kind.
    package var split: String
    /// Where known.
    package var sentences: [Sentence]
    /// Seconds from the start of the recording to the first sample.
    package private(set) var from = 0.0
    /// Sound at 16 kHz.
    package var samples: [Float]

    package init(
        path: String, language: String, texts: [String], split: String, sentences: [Sentence] = [], samples: [Float]
    ) {
        self.path = path
        self.language = language
        self.texts = texts
        self.split = split
        self.sentences = sentences
        self.samples = samples
    }

    /// Length in seconds.
    package var seconds: Double { Double(samples.count) / Self.rate }

    static let rate = 16_000.0

    // MARK: - Parts

    /// A part of a recording with the sentences that are whole in it.
    ///
    /// - Parameters:
    ///   - from: seconds from the start of this clip.
    ///   - seconds: length; what the clip does not have is left out.
    package func part(from start: Double, seconds: Double) -> SpeechClip {
        let first = min(max(0, Int((start * Self.rate).rounded())), samples.count)
        let last = min(samples.count, Int(((start + seconds) * Self.rate).rounded()))
        if first == 0, last == samples.count { return self }
        var part = self
        part.from = from + start
        part.samples = Array(samples[first..<max(first, last)])
        part.sentences = sentences.filter { $0.start >= part.from && $0.end <= part.from + seconds }
        if !texts.isEmpty { part.texts = [part.sentences.map(\.text).joined(separator: " ")] }
        return part
    }

    /// Cuts a recording between sentences into parts that follow each other; as it is where no sentences are known.
    ///
    /// - Parameter limit: the most seconds of a part, unless a sentence is longer.
    package func parts(ofAtMost limit: Double) -> [SpeechClip] {
        guard seconds > limit, sentences.count > 1 else { return [self] }
        var cuts = [0.0]
        for (sentence, next) in zip(sentences, sentences.dropFirst())
        where next.end - from - (cuts.last ?? 0) > limit {
            cuts.append((sentence.end + next.start) / 2 - from)
        }
        return zip(cuts, cuts.dropFirst() + [seconds]).map { part(from: $0, seconds: $1 - $0) }
    }
}
