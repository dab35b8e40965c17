package import WhisperText

/// Splits words into sentences, for subtitles and for whoever goes on with whole sentences.
package struct SentenceSplitter: Sendable {
    /// Seconds between two words that end a sentence without punctuation.
    package static let pause = 0.7
    /// Endings of Korean sentences, as spoken: 다, 요, 까, 죠, 네. They end a sentence only before a pause or punctuation.
    private static let koreanEndings: Set<Character> = ["다", "요", "까", "죠", "네", "지"]
    /// Seconds after a Korean ending that are enough.
    private static let koreanPause = 0.3
    private static let terminals: Set<Character> = [".", "?", "!", "。", "？", "！", "…", "؟", "।", "．", "｡"]
    private static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "」", "』", "）", "】", "»"]
    /// English abbreviations whose point ends nothing.
    private static let abbreviations: Set<String> = [
        "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "etc.", "e.g.", "i.e.", "jr.", "sr.",
    ]

    private let language: String

    package init(language: String) {
        self.language = language
    }

    /// Sentences in order; together they are all words.
    package func split(_ words: [Word]) -> [[Word]] {
        var sentences: [[Word]] = []
        var sentence: [Word] = []
        // The last word with the closing quotes behind it.
        var tail = ""
        for (index, word) in words.enumerated() {
            sentence.append(word)
            let next = index + 1 < words.count ? words[index + 1] : nil
            tail =
                word.text.trimmingWhitespace.allSatisfy(Self.closers.contains)
                ? tail + word.text.trimmingWhitespace : word.text
            if ends(word, closedAs: tail, before: next) {
                sentences.append(sentence)
                sentence = []
            }
        }
        return sentence.isEmpty ? sentences : sentences + [sentence]
    }

    private func ends(_ word: Word, closedAs tail: String, before next: Word?) -> Bool {
        guard let next else { return true }
        // A mark or a closing quote on its own belongs to what it follows.
        if next.text.trimmingWhitespace.allSatisfy({ Self.terminals.contains($0) || Self.closers.contains($0) }) {
            return false
        }
        let gap = next.start - word.end
        if gap >= Self.pause { return true }
        // "No." is a sentence, but for "No. 5".
        let isNumbered =
            word.text.trimmingWhitespace.lowercased() == "no." && next.text.trimmingWhitespace.first?.isNumber == true
        if isTerminated(tail), !isNumbered { return true }
        guard language == "ko", gap >= Self.koreanPause, let last = word.text.trimmingWhitespace.last else {
            return false
        }
        return Self.koreanEndings.contains(last)
    }

    private func isTerminated(_ text: String) -> Bool {
        let text = text.trimmingWhitespace
        var bare = text[...]
        while let last = bare.last, Self.closers.contains(last) { bare.removeLast() }
        guard let last = bare.last, Self.terminals.contains(last) else { return false }
        return !Self.abbreviations.contains(bare.lowercased()) && !isInitial(bare)
    }

    /// "J." in "J. R. Smith", and "U.S." or "a.m.": single letters with a point behind each.
    private func isInitial(_ text: Substring) -> Bool {
        text.count.isMultiple(of: 2)
            && text.enumerated().allSatisfy { $0.isMultiple(of: 2) ? $1.isLetter && $1.isASCII : $1 == "." }
            && (text.count > 2 || text.first?.isUppercase == true)
    }
}
