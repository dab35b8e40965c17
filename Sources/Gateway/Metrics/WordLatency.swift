/// How long words take from their last sample to text that stays, as far as the server knows it: from when the sound came.
///
/// When each word was said is known from the final alone. So it is remembered when sound came, and when how much of an utterance was
/// settled.
package struct WordLatency: Sendable {
    /// Seconds of sound between two times that are remembered, and how many of them are: a minute of sound.
    private static let (step, most) = (0.1, 600)

    private var arrivals: [(seconds: Double, time: ContinuousClock.Instant)] = []
    private var utterance = -1
    /// Letters that were settled, and when.
    private var settled: [(letters: Int, time: ContinuousClock.Instant)] = []

    package init() {}

    /// Sound came, up to so many seconds from the session's start.
    package mutating func heard(until seconds: Double, at now: ContinuousClock.Instant) {
        guard seconds >= (arrivals.last?.seconds ?? 0) + Self.step else { return }
        if arrivals.count == Self.most { arrivals.removeFirst(Self.most / 2) }
        arrivals.append((seconds, now))
    }

    /// An utterance has settled text.
    package mutating func shown(_ stable: String, of utterance: Int, at now: ContinuousClock.Instant) {
        if utterance != self.utterance { (self.utterance, settled) = (utterance, []) }
        let letters = Self.letters(in: stable)
        if letters > settled.last?.letters ?? 0 { settled.append((letters, now)) }
    }

    /// An utterance is over: seconds for each of its words whose sound is remembered.
    ///
    /// - Parameter words: the words, and the seconds from the session's start at which they end.
    package mutating func final(
        _ words: [(text: String, end: Double)], of utterance: Int, at now: ContinuousClock.Instant
    ) -> [Double] {
        let settled = utterance == self.utterance ? settled : []
        var letters = 0
        return words.compactMap { word in
            letters += Self.letters(in: word.text)
            guard let oldest = arrivals.first, word.end >= oldest.seconds - Self.step,
                let came = arrivals.first(where: { $0.seconds >= word.end - Self.step })
            else { return nil }
            let known = settled.first { $0.letters >= letters }?.time ?? now
            return max(0, (known - came.time) / .seconds(1))
        }
    }

    private static func letters(in text: String) -> Int { text.unicodeScalars.count { $0.properties.isAlphabetic } }
}
