package import SoriProtocol
import Subtitles
package import WhisperText

/// The text of utterances as subtitles.
package enum LiveCues {
    /// The subtitles of an utterance, in order; none if nothing was said.
    package static func cues(of final: ServerMessage.Final) -> [Segment] {
        let cutter = CueCutter()
        let text = final.text.trimmingWhitespace
        guard !text.isEmpty else { return [] }
        let words = words(of: final)
        guard !words.isEmpty else {
            return [Segment(start: final.start, end: max(final.start, final.end), text: cutter.wrapped(text))]
        }
        return cutter.cues(of: words, language: final.language, limit: final.end)
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
}
