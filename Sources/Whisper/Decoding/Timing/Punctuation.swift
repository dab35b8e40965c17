/// Marks that belong to the word beside them, as OpenAI's `whisper/timing.py` lists them.
struct Punctuation: Sendable {
    private let marks: [Unicode.Scalar]

    private init(_ marks: String) {
        self.marks = Array(marks.unicodeScalars)
    }

    /// Marks that open the word after them.
    static let opening = Punctuation("\"'“¿([{-")
    /// Marks that close the word before them.
    static let closing = Punctuation("\"'.。,，!！?？:：”)]}、")
    /// Marks that end a sentence.
    static let sentenceEnds = Punctuation(".。!！?？")

    /// Whether a text is a part of the list: one mark, neighbours such as `.。`, or nothing at all.
    func contains(_ text: some Collection<Unicode.Scalar>) -> Bool {
        marks.contains(text)
    }
}

extension [WordTiming] {
    /// The same words with punctuation joined to its word, whose times and probability remain.
    package func mergingPunctuation() -> [WordTiming] {
        var opened: [WordTiming] = []
        for word in reversed() {
            if let following = opened.indices.last, word.isOpening {
                opened[following].text = word.text + opened[following].text
                opened[following].tokens += word.tokens
            } else {
                opened.append(word)
            }
        }
        var closed: [WordTiming] = []
        for word in opened.reversed() {
            if let previous = closed.indices.last, word.isClosing, closed[previous].text.unicodeScalars.last != " " {
                closed[previous].text += word.text
                closed[previous].tokens += word.tokens
            } else {
                closed.append(word)
            }
        }
        return closed
    }
}

extension WordTiming {
    /// Whether the word is nothing but marks that end a sentence.
    var endsSentence: Bool { Punctuation.sentenceEnds.contains(text.unicodeScalars) }

    fileprivate var isClosing: Bool { Punctuation.closing.contains(text.unicodeScalars) }

    /// A space before it tells an opening mark from a closing one where both look alike.
    fileprivate var isOpening: Bool {
        let scalars = text.unicodeScalars
        return scalars.first == " " && Punctuation.opening.contains(scalars.filter { !$0.properties.isWhitespace })
    }
}
