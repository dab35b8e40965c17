package import SoriProtocol
import Streaming
import Terminal
package import Whisper

/// The text of utterances as subtitles: cut where sentences end, and where one gets too long to read.
package enum LiveCues {
    /// Beyond these a subtitle is cut: seconds, and columns, of which Hangul and kana take two.
    private static let longest = 7.0
    private static let widest = 84
    /// Columns below which a sentence shares the subtitle of the next one.
    private static let narrowest = 28
    /// Seconds that a subtitle stays at least.
    private static let shortest = 0.5

    /// The subtitles of an utterance, in order; none if nothing was said.
    package static func cues(of final: ServerMessage.Final) -> [Segment] {
        let text = final.text.trimmingSpaces
        guard !text.isEmpty else { return [] }
        let words = words(of: final)
        guard !words.isEmpty else {
            return [Segment(start: final.start, end: end(final.start, final.end), text: text)]
        }
        return cut(SentenceSplitter(language: final.language).split(words)).map { words in
            let start = words.first?.start ?? final.start
            let end = end(start, words.last?.end ?? final.end)
            return Segment(start: start, end: end, text: words.map(\.text).joined().trimmingSpaces)
        }
    }

    private static func end(_ start: Double, _ end: Double) -> Double {
        max(end, start + shortest)
    }

    /// The words of a final, each with the white space and marks that stand before it in the text; none where they are
    /// not those of the text.
    private static func words(of final: ServerMessage.Final) -> [Word] {
        var rest = final.text[...]
        var words: [Word] = []
        for word in final.words {
            guard let range = rest.firstRange(of: word.text) else { return [] }
            let text = String(rest[..<range.upperBound])
            words.append(Word(text: text, start: word.start, end: word.end, probability: Float(word.confidence)))
            rest = rest[range.upperBound...]
        }
        if !words.isEmpty { words[words.count - 1].text += rest }
        return words
    }

    /// Joins what is too short, and cuts what is too long.
    private static func cut(_ sentences: [[Word]]) -> [[Word]] {
        var cues: [[Word]] = []
        var isOpen = false
        for sentence in sentences {
            if isOpen, let last = cues.last, fits(last + sentence) {
                cues[cues.count - 1] += sentence
            } else {
                cues += pieces(sentence)
            }
            isOpen = width(cues.last ?? []) < narrowest
        }
        return cues
    }

    /// A sentence in pieces of about the same width, of which none is too long.
    private static func pieces(_ sentence: [Word]) -> [[Word]] {
        for count in 1...max(sentence.count, 1) {
            let share = Double(width(sentence)) / Double(count)
            var pieces: [[Word]] = [[]]
            var columns = 0
            for word in sentence {
                // The word goes where more than half of it lies.
                let middle = Double(columns) + Double(word.text.displayWidth) / 2
                if middle > share * Double(pieces.count), pieces.last?.isEmpty == false { pieces.append([]) }
                pieces[pieces.count - 1].append(word)
                columns += word.text.displayWidth
            }
            if pieces.allSatisfy(fits) { return pieces }
        }
        return sentence.map { [$0] }
    }

    private static func fits(_ words: [Word]) -> Bool {
        guard let first = words.first, let last = words.last else { return true }
        return width(words) <= widest && last.end - first.start <= longest
    }

    private static func width(_ words: [Word]) -> Int {
        words.reduce(0) { $0 + $1.text.displayWidth }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
