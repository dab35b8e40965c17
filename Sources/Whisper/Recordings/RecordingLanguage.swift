package import WhisperText

/// Which language a recording is in: given, or heard in its first speech, and again after a long pause.
package struct RecordingLanguage {
    /// The most windows that are heard before a language is chosen.
    static let windows = 3
    /// Probability with which another language takes over: after a pause, and where the text in this one is doubtful.
    static let sureOfChange: Float = 0.9
    /// Share of the evidence that leaves no doubt, and the same where there is less than `short` seconds of sound.
    private static let (sure, sureOfShort) = (0.7, 0.9)
    private static let short = 3.0

    private let given: String?
    /// The language to decode in; `nil` before anything was heard.
    package private(set) var current: String?
    /// Probability in 0...1 of the language that was heard first; `nil` where it was given.
    package private(set) var probability: Float?
    /// Seconds of sound heard since the last choice, and of those how many each language accounts for.
    private var heard: (seconds: Double, shares: [String: Double]) = (0, [:])
    /// Seconds written in each language.
    private var written: [String: Double] = [:]

    package init(given: String?) {
        self.given = given
        current = given
    }

    /// The language most of the recording is in; `nil` before anything was heard.
    package var main: String? { written.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? current }

    /// Whether a window can decide about the language.
    package func isOpen(afterPause: Bool) -> Bool { given == nil && (afterPause || current == nil) }

    /// Takes in what the model makes of a window.
    package mutating func hear(_ languages: [(language: Language, probability: Float)], seconds: Double) {
        heard.seconds += seconds
        for (language, probability) in languages.prefix(8) {
            heard.shares[language.code, default: 0] += Double(probability) * seconds
        }
    }

    /// Whether the first choice should wait for another window.
    package var isUnsure: Bool {
        guard current == nil, let best else { return false }
        return best.share < (heard.seconds < Self.short ? Self.sureOfShort : Self.sure)
    }

    /// Chooses.
    package mutating func decide() {
        defer { heard = (0, [:]) }
        guard let best else { return }
        if current == nil {
            current = best.code
            probability = Float(best.share)
        } else if best.share >= Double(Self.sureOfChange), heard.seconds >= Self.short {
            current = best.code
        }
    }

    /// Notes that so many seconds were written in the current language.
    package mutating func wrote(seconds: Double) {
        if let current { written[current, default: 0] += seconds }
    }

    private var best: (code: String, share: Double)? {
        heard.shares.max { ($0.value, $1.key) < ($1.value, $0.key) }.map {
            ($0.key, $0.value / max(heard.seconds, 1e-9))
        }
    }
}
