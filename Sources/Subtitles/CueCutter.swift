internal import Streaming
internal import Terminal
package import WhisperText

/// Cuts text into subtitles: where sentences end, at pauses, and where one gets too long to read.
package struct CueCutter: Sendable {
    /// A pause of so many seconds is never bridged by a subtitle.
    private static let pause = 1.0
    /// A pause of so many seconds is a good place to cut a long sentence.
    private static let breath = 0.3
    private static let clauseEnds: Set<Character> = [",", ";", ":", "、", "，", "；", "：", "–", "—"]

    private let style: CueStyle

    package init(style: CueStyle = CueStyle()) {
        self.style = style
    }

    /// The subtitles of words in a language.
    ///
    /// - Parameters:
    ///   - words: with their times and the white space before them.
    ///   - limit: time in seconds that the last subtitle does not outlast to be read more easily.
    /// - Returns: segments in order that do not overlap, with line breaks in their text.
    package func cues(of words: [Word], language: String, limit: Double) -> [Segment] {
        let groups = joined(SentenceSplitter(language: language).split(words)).filter { !text($0).isEmpty }
        return groups.indices.map { index in
            let group = groups[index]
            let start = group.first?.start ?? 0
            let next = index + 1 < groups.count ? groups[index + 1].first?.start ?? limit : limit
            let end = max(group.last?.end ?? start, min(start + style.shortest, next))
            // Words that attention places wrongly may end after the next one begins.
            let isLast = index + 1 == groups.count
            return Segment(
                start: start, end: max(start, isLast ? end : min(end, next)), text: wrapped(text(group)),
                words: group, language: language)
        }
    }

    /// A text in lines of about the same width, as few as possible.
    package func wrapped(_ text: String) -> String {
        let characters = Array(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        let fewest = TextWrapping.lines(characters, columns: style.lineWidth)
        guard fewest.count > 1 else { return String(characters) }
        let share = (text.displayWidth + fewest.count - 1) / fewest.count
        let even = (share...max(share, style.lineWidth)).lazy
            .map { TextWrapping.lines(characters, columns: $0) }.first { $0.count <= fewest.count }
        return (even ?? fewest).map { String(characters[$0]) }.joined(separator: "\n")
    }

    /// Joins what is too short, and cuts what is too long.
    private func joined(_ sentences: [[Word]]) -> [[Word]] {
        var cues: [[Word]] = []
        var isOpen = false
        for sentence in sentences {
            if isOpen, let last = cues.last, fits(last + sentence) {
                cues[cues.count - 1] += sentence
            } else {
                cues += pieces(sentence)
            }
            isOpen = text(cues.last ?? []).displayWidth < style.narrowest
        }
        return cues
    }

    /// A sentence in pieces of about the same width, of which none is too long, cut after clauses and at pauses if it can be.
    private func pieces(_ sentence: [Word]) -> [[Word]] {
        if fits(sentence) { return [sentence] }
        var ends = [0]
        for word in sentence { ends.append((ends.last ?? 0) + word.text.displayWidth) }
        for count in 2...max(sentence.count, 2) {
            let share = Double(ends.last ?? 0) / Double(count)
            func cost(_ index: Int, of part: Int) -> Double {
                abs(Double(ends[index]) - share * Double(part)) / share - ease(ofCuttingBefore: index, in: sentence)
            }
            var cuts = [0]
            for part in 1..<count {
                let candidates = ((cuts.last ?? 0) + 1)..<max((cuts.last ?? 0) + 2, sentence.count)
                guard let cut = candidates.min(by: { cost($0, of: part) < cost($1, of: part) }), cut < sentence.count
                else { break }
                cuts.append(cut)
            }
            let pieces = zip(cuts, cuts.dropFirst() + [sentence.count]).map { Array(sentence[$0..<$1]) }
            if pieces.allSatisfy(fits) { return pieces }
        }
        return sentence.map { [$0] }
    }

    /// How much a place invites a cut, in shares of a piece.
    private func ease(ofCuttingBefore index: Int, in words: [Word]) -> Double {
        guard index > 0, index < words.count else { return 0 }
        let endsClause = words[index - 1].text.last.map(Self.clauseEnds.contains) ?? false
        let isPause = words[index].start - words[index - 1].end >= Self.breath
        return (endsClause ? 0.3 : 0) + (isPause ? 0.2 : 0)
    }

    private func fits(_ words: [Word]) -> Bool {
        guard let first = words.first, let last = words.last else { return true }
        let hasPause = zip(words, words.dropFirst()).contains { $1.start - $0.end >= Self.pause }
        return !hasPause && last.end - first.start <= style.longest
            && TextWrapping.lines(Array(text(words)), columns: style.lineWidth).count <= style.lineCount
    }

    private func text(_ words: [Word]) -> String {
        let text = words.map(\.text).joined()
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
