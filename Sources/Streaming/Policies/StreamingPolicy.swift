package import Recognition
package import WhisperText

/// Decides which window of an utterance is recognised next, and which words of the answer are settled.
///
/// A policy is a value that knows one utterance while it is spoken. It is told how far the sound reaches and what was
/// recognised; it never looks at a clock.
package protocol StreamingPolicy: Sendable {
    /// What is known of the utterance.
    var caption: Caption { get }
    /// The words of its stable text, in seconds of the session. Attention gives times that are good to about 0.2 s.
    var words: [Word] { get }

    /// The window to recognise now, if it is time for one.
    ///
    /// - Parameters:
    ///   - sound: from the start of the utterance to the newest sample.
    ///   - hop: samples that must be new.
    ///   - isLast: whether the utterance is over, so that everything is to be settled: ask again until a plan that
    ///     ``WindowPlan/isLast`` is accepted, or there is none.
    mutating func window(of sound: Range<Int>, hop: Int, isLast: Bool) -> WindowPlan?

    /// Takes what was recognised in the window planned last.
    mutating func accept(_ result: RecognitionResult, of plan: WindowPlan)

    /// What was recognised could not be believed: windows begin with the utterance from now on.
    mutating func dropLeftContext()
}

/// The text of an utterance while it is spoken.
package struct Caption: Sendable, Equatable {
    /// Text that only grows.
    package var stable = ""
    /// What follows it and may change.
    package var tentative = ""

    package init(stable: String = "", tentative: String = "") {
        self.stable = stable
        self.tentative = tentative
    }

    package var isEmpty: Bool { stable.isEmpty && tentative.isEmpty }

    /// All of it.
    package var text: String { stable + tentative }
}

/// A window that a policy wants to be recognised.
package struct WindowPlan: Sendable, Equatable {
    /// Its sound.
    package var range: Range<Int>
    /// What it begins with, of the utterance before.
    package var lead: LeftContext?
    /// Tokens of text before the window that belong to the utterance.
    package var context: [Int] = []
    /// Tokens of the window's text that are settled; those of the lead stand before them.
    package var prefix: [Int] = []
    /// See ``RecognitionRequest/attentionThreshold``.
    package var attentionThreshold: Int?
    /// Whether word times are needed.
    package var wordTimestamps = false
    /// Whether the utterance is over.
    package var isLast = false
}

/// Lengths that policies work with, in seconds unless another unit is named.
package struct PolicySettings: Sendable, Equatable {
    /// New sound from one window to the next, when there is time.
    package var hop = 0.5
    /// Longest window of ``AlignAtt`` and ``LocalAgreement``.
    package var longestWindow = 10.0
    /// What is left of a window that got too long; half of it at most.
    package var trimmedWindow = 3.0
    /// Text that is heard within so many positions of 20 ms of a window's end is not settled.
    package var attentionThreshold = 25
    /// Positions before the end at which even tentative text stops: what is heard there is half spoken.
    package var tentativeThreshold = 10
    /// The threshold of settled text for a young window, one with less than ``youngWindow`` seconds of sound.
    package var youngThreshold = 50
    /// Probability below which a word is doubtful: it is settled only once two windows in a row have it, or late.
    /// Not on a busy machine, where windows are further apart.
    package var doubt = 0.7
    /// Seconds after which a doubtful word is settled all the same.
    package var longestDoubt = 1.0
    package var youngWindow = 2.0
    /// Window of ``SlidingWindow``.
    package var slidingWindow = 2.0
    /// How far windows of ``SlidingWindow`` reach into each other.
    package var slidingOverlap = 1.0

    package init() {}
}
