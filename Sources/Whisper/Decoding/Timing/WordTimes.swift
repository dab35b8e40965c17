package import WhisperText

/// The words of a window, ready to be given to the segments that they belong to.
///
/// The decoder attends to the first word after a pause too early and to the last word before one too long. The rules against it
/// are those of `add_word_timestamps` in OpenAI's `whisper/timing.py`.
package struct WordTimes: Sendable {
    /// The words with their punctuation, in order, in seconds from the start of the window.
    package let words: [WordTiming]
    /// Median of the words' durations in seconds, at most 0.7.
    package let typicalDuration: Double

    /// What a word lasts at most where a sentence or a segment starts or ends.
    private var longestDuration: Double { 2 * typicalDuration }

    /// Shortens words beside the end of a sentence, and joins punctuation to its words.
    package init(_ timings: [WordTiming]) {
        typicalDuration = Self.typicalDuration(of: timings)
        let longest = 2 * typicalDuration
        var words = timings
        if longest > 0 {
            for (previous, index) in zip(words.indices, words.indices.dropFirst())
            where words[index].duration > longest {
                if words[index].endsSentence {
                    words[index].end = words[index].start + longest
                } else if words[previous].endsSentence {
                    words[index].start = words[index].end - longest
                }
            }
        }
        self.words = words.mergingPunctuation()
    }

    /// Gives every segment its words, and moves the segments' times to those of their words.
    ///
    /// A segment's own times win where its first or last word reaches more than half a second beyond them.
    ///
    /// - Parameters:
    ///   - segments: the segments of the window in order; their text is what the words were made from.
    ///   - offset: seconds from the start of the recording to the start of the window.
    ///   - endOfText: the tokenizer's end of text; lower tokens are text.
    ///   - lastSpeech: end of the last word before the window, in seconds from the start of the recording; then of the last in it.
    package func assign(
        to segments: inout [Segment], offset: Double, endOfText: Int, lastSpeech: inout Double
    ) {
        var remaining = words[...]
        var speechEnd = lastSpeech
        for index in segments.indices {
            var missing = segments[index].tokens.count { $0 < endOfText }
            var own: [Word] = []
            while missing > 0, let word = remaining.popFirst() {
                own.append(Word(word, offset: offset))
                missing -= word.tokens
            }
            shortenStart(of: &own, after: speechEnd)
            fit(&own, &segments[index])
            segments[index].words = own
            if !own.isEmpty { speechEnd = segments[index].end }
        }
        lastSpeech = segments.last { $0.words?.isEmpty == false }?.words?.last?.end ?? segments.last?.end ?? lastSpeech
    }

    /// After a pause the first word, or the first two together, must not last too long.
    private func shortenStart(of words: inout [Word], after speechEnd: Double) {
        guard let first = words.first, first.end - speechEnd > 4 * typicalDuration else { return }
        let second = words.dropFirst().first
        guard
            first.end - first.start > longestDuration
                || second.map({ $0.end - first.start > 2 * longestDuration }) ?? false
        else { return }
        if let second, second.end - second.start > longestDuration {
            let boundary = hundredths(max(second.end / 2, second.end - longestDuration))
            words[0].end = boundary
            words[1].start = boundary
        }
        words[0].start = hundredths(max(0, words[0].end - longestDuration))
    }

    /// Moves a segment's times to those of its words, or a word's to the segment's where the word is far too long.
    private func fit(_ words: inout [Word], _ segment: inout Segment) {
        guard let first = words.first else { return }
        if segment.start < first.end, segment.start - 0.5 > first.start {
            words[0].start = hundredths(max(0, min(first.end - typicalDuration, segment.start)))
        } else {
            segment.start = first.start
        }
        let index = words.count - 1
        let last = words[index]
        if segment.end > last.start, segment.end + 0.5 < last.end {
            words[index].end = hundredths(max(last.start + typicalDuration, segment.end))
        } else {
            segment.end = last.end
        }
    }

    private static func typicalDuration(of timings: [WordTiming]) -> Double {
        let durations = timings.map(\.duration).filter { $0 != 0 }.sorted()
        guard !durations.isEmpty else { return 0 }
        let middle = (durations[(durations.count - 1) / 2] + durations[durations.count / 2]) / 2
        return min(0.7, middle)
    }
}

extension Word {
    /// A word in the time of the recording.
    fileprivate init(_ timing: WordTiming, offset: Double) {
        self.init(
            text: timing.text, start: hundredths(offset + timing.start), end: hundredths(offset + timing.end),
            probability: timing.probability)
    }
}

/// Seconds to a hundredth, the precision of the original.
private func hundredths(_ seconds: Double) -> Double {
    (seconds * 100).rounded() / 100
}
