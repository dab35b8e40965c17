package import Recognition

/// A window to recognise for a session.
package struct RecognitionWork: Sendable {
    /// What the answer is for.
    package enum Purpose: Sendable, Equatable {
        /// Text while an utterance is spoken; worth nothing when it comes late.
        case live(WindowPlan)
        /// The text of a whole utterance: has to be done.
        case final
        /// What a whole utterance means: has to be done as well.
        case translation
    }

    /// Its number in the session, from 0.
    package let id: Int
    /// What the answer is for.
    package let purpose: Purpose
    /// Number of the utterance.
    package let utterance: Int
    /// What to ask the recogniser.
    package let request: RecognitionRequest
    /// The end of the window's sound, in samples of the session.
    package let end: Int
    /// Seconds of the utterance's own sound in it, without what was said before.
    package let seconds: Double
}
