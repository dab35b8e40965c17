internal import Scoring

/// The final of an utterance, word by word, against what was said.
struct MarkedUtterance: Equatable {
    enum Word: Equatable {
        case right(String)
        case wrong(String, reference: String)
        case missing(String)
        case additional(String)
    }

    /// Seconds from the start of the sound.
    var start: Double
    var end: Double
    /// When the final came.
    var time: Double
    var words: [Word] = []
    /// The stable text before it.
    var stable: String

    /// The utterances of a recording. What was said between two is marked in the later one, what was said after the last in
    /// that.
    static func all(of played: Report.Played) -> [MarkedUtterance] {
        let writing = CaptionWords(language: played.clip.language)
        let finals = played.trace.finals
        var utterances = finals.map {
            MarkedUtterance(
                start: $0.start, end: $0.end, time: $0.time, stable: played.trace.stableText(of: $0.utterance))
        }
        let written = finals.enumerated().flatMap { index, final in
            writing.words(in: final.text).map { (index: index, text: $0) }
        }
        let said = played.clip.texts.map(writing.words(in:)).map { words in
            (words, Alignment(reference: words, hypothesis: written.map(\.text)).steps)
        }.min { $0.1.count { $0.edit != .match } < $1.1.count { $0.edit != .match } }
        guard let (reference, steps) = said, !utterances.isEmpty else { return utterances }
        // Missing words wait for the utterance of the next word that was written.
        var missing: [Word] = []
        for step in steps {
            let expected = step.reference.map { reference[$0] }
            guard let place = step.hypothesis else {
                missing += expected.map { [.missing($0)] } ?? []
                continue
            }
            let (index, text) = written[place]
            utterances[index].words += missing
            missing = []
            if let expected {
                utterances[index].words.append(
                    step.edit == .match ? .right(text) : .wrong(text, reference: expected))
            } else {
                utterances[index].words.append(.additional(text))
            }
        }
        utterances[utterances.count - 1].words += missing
        return utterances
    }
}
