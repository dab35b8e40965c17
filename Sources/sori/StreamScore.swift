import Scoring
import Streaming
import Whisper

/// How good and how soon the captions of one recording were.
struct StreamScore {
    /// Errors of the finals against the reference.
    var finals = ErrorRate.zero
    /// Errors of the stable text as it stood at the end of each utterance.
    var stable = ErrorRate.zero
    /// Errors of decoding the recording as a whole.
    var offline = ErrorRate.zero
    /// Seconds from the end of a word to its first appearance, and to its appearance in stable text.
    var tentativeLatency: [Double] = []
    var stableLatency: [Double] = []
    /// Seconds from the end of an utterance's sound to its final.
    var finalLatency: [Double] = []
    /// Stable words, and those that the final corrected.
    var stableWords = 0
    var correctedWords = 0
    /// Tentative words that were shown, and those that were taken back.
    var tentativeWords = 0
    var retractedWords = 0
    /// Words of finals.
    var finalWords = 0
    var dropped: [HallucinationGuard.Reason: Int] = [:]
    var seconds = 0.0
    var detecting = 0.0
    var live = 0.0
    var polishing = 0.0
    var liveWindows = 0

    static func += (left: inout StreamScore, right: StreamScore) {
        left.finals += right.finals
        left.stable += right.stable
        left.offline += right.offline
        left.tentativeLatency += right.tentativeLatency
        left.stableLatency += right.stableLatency
        left.finalLatency += right.finalLatency
        left.stableWords += right.stableWords
        left.correctedWords += right.correctedWords
        left.tentativeWords += right.tentativeWords
        left.retractedWords += right.retractedWords
        left.finalWords += right.finalWords
        left.dropped.merge(right.dropped, uniquingKeysWith: +)
        left.seconds += right.seconds
        left.detecting += right.detecting
        left.live += right.live
        left.polishing += right.polishing
        left.liveWindows += right.liveWindows
    }

    init() {}

    /// - Parameters:
    ///   - offline: the recording decoded as a whole, with words: tells when each word ended.
    init(_ outcome: StreamSimulation.Outcome, of clip: SpeechManifest.Clip, offline: Transcript) {
        let normalizer = TextNormalizer(language: clip.language)
        var partials: [Int: [(time: Double, caption: Caption)]] = [:]
        var spoken: [(word: String, tentative: Double, stable: Double)] = []
        var texts: [String] = []
        var stableTexts: [String] = []
        for told in outcome.told {
            switch told.event {
            case .partial(let number, let caption, _): partials[number, default: []].append((told.time, caption))
            case .dropped(let reason): dropped[reason, default: 0] += 1
            case .final(let final):
                texts.append(final.text)
                finalLatency.append(told.time - (final.range.upperBound.asSeconds - SpeechGate.Settings().postRoll))
                let shown = partials[final.utterance] ?? []
                stableTexts.append(shown.last?.caption.stable ?? "")
                spoken += appearances(of: normalizer.words(in: final.text), in: shown, final: told.time, normalizer)
            default: break
            }
        }
        finalWords = spoken.count
        finals = clip.errorRate(of: texts.joined(separator: " "))
        stable = clip.errorRate(of: stableTexts.joined(separator: " "))
        self.offline = clip.errorRate(of: offline.text)
        seconds = Double(clip.samples.count) / 16_000
        (detecting, live, polishing) = (outcome.detecting, outcome.live, outcome.polishing)
        liveWindows = outcome.liveWindows
        let timed = offline.segments.flatMap { $0.words ?? [] }.flatMap { word in
            normalizer.words(in: word.text).map { ($0, word.end) }
        }
        for step in Alignment(reference: timed.map(\.0), hypothesis: spoken.map(\.word)).steps {
            guard step.edit == .match, let reference = step.reference, let index = step.hypothesis else { continue }
            tentativeLatency.append(spoken[index].tentative - timed[reference].1)
            stableLatency.append(spoken[index].stable - timed[reference].1)
        }
    }

    /// When each word of a final was first seen, and first seen as stable.
    private mutating func appearances(
        of words: [String], in shown: [(time: Double, caption: Caption)], final: Double, _ normalizer: TextNormalizer
    ) -> [(word: String, tentative: Double, stable: Double)] {
        var result = words.map { (word: $0, tentative: final, stable: final) }
        var before: [String] = []
        for (time, caption) in shown {
            let stable = normalizer.words(in: caption.stable)
            let all = normalizer.words(in: caption.stable + caption.tentative)
            // A partial is the beginning of its final.
            for step in Alignment(reference: Array(words.prefix(all.count + 4)), hypothesis: all).steps
            where step.edit == .match {
                guard let word = step.reference, let index = step.hypothesis else { continue }
                result[word].tentative = min(result[word].tentative, time)
                if index < stable.count { result[word].stable = min(result[word].stable, time) }
            }
            let kept = zip(before, all).prefix { $0 == $1 }.count
            retractedWords += before.count - kept
            tentativeWords += all.count - kept
            before = all
        }
        let last = normalizer.words(in: shown.last?.caption.stable ?? "")
        stableWords += last.count
        correctedWords += Alignment(reference: Array(words.prefix(last.count + 4)), hypothesis: last).steps.count {
            step in
            step.hypothesis != nil && step.edit != .match
        }
        return result
    }
}
