internal import Scoring

/// The figures of a recording, or of several: what is kept to compare later runs with. Has no text.
package struct Figures: Sendable, Equatable, Codable {
    /// Errors as a part of what was said.
    package struct Errors: Sendable, Equatable, Codable {
        package var wordRate: Double
        package var characterRate: Double

        init(_ errors: TextErrors) {
            wordRate = errors.words.rate.rounded(to: 5)
            characterRate = errors.characters.rate.rounded(to: 5)
        }

        package subscript(unit: TextErrors.Unit) -> Double { unit == .words ? wordRate : characterRate }
    }

    /// Seconds that something took.
    package struct Delay: Sendable, Equatable, Codable {
        package var median: Double
        package var p90: Double
        package var p95: Double
        package var p99: Double

        init?(_ values: [Double]) {
            guard let all = Percentiles(values) else { return nil }
            median = all.median.rounded(to: 3)
            p90 = all.p90.rounded(to: 3)
            p95 = all.p95.rounded(to: 3)
            p99 = all.p99.rounded(to: 3)
        }
    }

    /// A language, a kind of sound, or the path of a recording.
    package var name: String
    /// What errors are counted in, in the first place.
    package var unit: TextErrors.Unit
    package var minutes: Double
    package var wholeRecording: Errors
    package var finals: Errors
    package var stable: Errors
    /// From the end of a word to its text.
    package var firstSeen: Delay?
    package var committedAfter: Delay?
    package var stableAfter: Delay?
    /// From the end of an utterance to its final.
    package var finalAfter: Delay?
    /// Parts of the stable and of the tentative words, 0...1.
    package var corrected: Double
    package var retracted: Double
    package var retractedPerMinute: Double
    package var finalWordsPerMinute: Double
    package var lostWords: Int
    package var doubledWords: Int

    init(_ name: String, _ unit: TextErrors.Unit, _ score: CaptionScore) {
        self.name = name
        self.unit = unit
        minutes = (score.seconds / 60).rounded(to: 3)
        wholeRecording = Errors(score.offline)
        finals = Errors(score.finals)
        stable = Errors(score.stable)
        firstSeen = Delay(score.tentativeLatency)
        committedAfter = Delay(score.committedLatency)
        stableAfter = Delay(score.stableLatency)
        finalAfter = Delay(score.finalLatency)
        corrected = score.correctedRate.rounded(to: 4)
        retracted = score.retractedRate.rounded(to: 4)
        let minutes = max(score.seconds / 60, 1e-3)
        retractedPerMinute = (Double(score.retractedWords) / minutes).rounded(to: 2)
        finalWordsPerMinute = (Double(score.finalWords) / minutes).rounded(to: 2)
        lostWords = score.lostWords
        doubledWords = score.doubledWords
    }
}

extension Double {
    /// With so many digits after the point.
    func rounded(to digits: Int) -> Double {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
