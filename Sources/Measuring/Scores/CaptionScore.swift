internal import Scoring

/// How right and how soon the captions of a recording, or of several, were.
package struct CaptionScore: Sendable, Equatable {
    /// Seconds of sound.
    package var seconds = 0.0
    /// Errors of the finals against what was said.
    package var finals = TextErrors()
    /// Errors of the text as it stood when it was committed: stable text, and the words behind it that the final brought.
    package var stable = TextErrors()
    /// Errors of decoding the recording as a whole.
    package var offline = TextErrors()
    /// Seconds from the end of a word to its first appearance, and to its appearance in stable text. A word that stable text
    /// had otherwise counts from its final.
    package var tentativeLatency: [Double] = []
    package var stableLatency: [Double] = []
    /// Seconds from the end of a word to the stable text that stands in its place, right or wrong.
    package var committedLatency: [Double] = []
    /// Seconds from the end of an utterance, where it stops to be loud, to its final.
    package var finalLatency: [Double] = []
    /// Words of stable text, and those that the final corrected.
    package var stableWords = 0
    package var correctedWords = 0
    /// Tentative words that were shown, and those that were taken back: with all that stood behind them, as erasure is counted
    /// for translations (Arivazhagan et al. 2020).
    package var tentativeWords = 0
    package var retractedWords = 0
    /// Words of finals.
    package var finalWords = 0
    /// Words that the recording has when decoded as a whole, and no final.
    package var lostWords = 0
    /// Words of finals that stand there twice in a row, and only once when decoded as a whole.
    package var doubledWords = 0

    /// Stable words that were corrected, 0...1.
    package var correctedRate: Double { Double(correctedWords) / Double(max(1, stableWords)) }
    /// Tentative words that were taken back, 0...1.
    package var retractedRate: Double { Double(retractedWords) / Double(max(1, tentativeWords)) }

    /// Of nothing.
    package init() {}

    /// Scores the captions of one recording.
    ///
    /// - Parameter offline: tells when each word ended.
    package init(_ trace: CaptionTrace, of clip: SpeechClip, offline: OfflineReading) {
        let writing = CaptionWords(language: clip.language)
        seconds = clip.seconds
        finals = TextErrors(trace.text, of: clip)
        self.offline = TextErrors(offline.text, of: clip)
        let shown = Dictionary(grouping: trace.partials, by: \.utterance)
        var seen: [SeenWord] = []
        var committed: [String] = []
        let quiet = clip.quietLevel
        for final in trace.finals {
            finalLatency.append(final.time - clip.speechEnd(from: final.start, to: final.end, quiet: quiet))
            let words = watch(shown[final.utterance] ?? [], until: final, writing)
            seen += words.final
            committed += words.committed
        }
        stable = TextErrors(committed.joined(separator: " "), of: clip)
        finalWords = seen.count
        compare(seen, with: offline.words)
    }

    package static func += (left: inout CaptionScore, right: CaptionScore) {
        left.seconds += right.seconds
        left.finals += right.finals
        left.stable += right.stable
        left.offline += right.offline
        left.tentativeLatency += right.tentativeLatency
        left.stableLatency += right.stableLatency
        left.committedLatency += right.committedLatency
        left.finalLatency += right.finalLatency
        left.stableWords += right.stableWords
        left.correctedWords += right.correctedWords
        left.tentativeWords += right.tentativeWords
        left.retractedWords += right.retractedWords
        left.finalWords += right.finalWords
        left.lostWords += right.lostWords
        left.doubledWords += right.doubledWords
    }

    // MARK: - Words

    /// A word of a final, when it was first seen at all and in stable text, and when stable text had something for it.
    private struct SeenWord {
        let text: String
        var tentative: Double
        var stable: Double
        var committed: Double

        init(_ text: String, at time: Double) {
            self.text = text
            (tentative, stable, committed) = (time, time, time)
        }
    }

    /// Follows an utterance from its first partial to its final.
    ///
    /// - Returns: the words of the final, and those that were committed: before it, and behind these with it.
    private mutating func watch(
        _ partials: [CaptionTrace.Partial], until final: CaptionTrace.Final, _ writing: CaptionWords
    ) -> (final: [SeenWord], committed: [String]) {
        let words = writing.words(in: final.text)
        var seen = words.map { SeenWord($0, at: final.time) }
        var before: [String] = []
        var committed: [Double] = []
        for partial in partials {
            let stable = writing.words(in: partial.stable)
            committed += Array(repeating: partial.time, count: max(0, stable.count - committed.count))
            let all = writing.words(in: partial.stable + partial.tentative)
            for step in Self.align(all, to: words) where step.edit == .match {
                guard let word = step.reference, let index = step.hypothesis else { continue }
                seen[word].tentative = min(seen[word].tentative, partial.time)
                if index < stable.count { seen[word].stable = min(seen[word].stable, partial.time) }
            }
            let kept = Self.kept(of: before, in: all)
            retractedWords += before.count - kept
            tentativeWords += all.count - kept
            before = all
        }
        let last = writing.words(in: partials.last?.stable ?? "")
        stableWords += last.count
        var behind = 0
        for step in Self.align(last, to: words) {
            guard let index = step.hypothesis else { continue }
            if step.edit != .match { correctedWords += 1 }
            guard let word = step.reference else { continue }
            seen[word].committed = min(committed[index], seen[word].stable)
            behind = word + 1
        }
        return (seen, last + words.dropFirst(behind))
    }

    /// How many words of a caption the next one still has at its front. A last word that only grew is still there.
    private static func kept(of before: [String], in after: [String]) -> Int {
        let same = zip(before, after).prefix { $0 == $1 }.count
        guard same == before.count - 1, same < after.count, after[same].hasPrefix(before[same]) else { return same }
        return before.count
    }

    /// Aligns a partial with its final, of which it is the beginning.
    private static func align(_ partial: [String], to final: [String]) -> [Alignment.Step] {
        Alignment(reference: Array(final.prefix(partial.count + 4)), hypothesis: partial).steps
    }

    /// Compares what was seen with what the same model hears in the whole recording.
    private mutating func compare(_ seen: [SeenWord], with spoken: [SpokenWord]) {
        for step in Alignment(reference: spoken.map(\.text), hypothesis: seen.map(\.text)).steps {
            switch (step.edit, step.reference, step.hypothesis) {
            case (.match, let word?, let index?):
                tentativeLatency.append(seen[index].tentative - spoken[word].end)
                stableLatency.append(seen[index].stable - spoken[word].end)
                committedLatency.append(seen[index].committed - spoken[word].end)
            case (.deletion, _, _): lostWords += 1
            case (.insertion, _, let index?):
                let neighbours = [index - 1, index + 1].filter(seen.indices.contains)
                if neighbours.contains(where: { seen[$0].text == seen[index].text }) { doubledWords += 1 }
            default: break
            }
        }
    }
}
