/// What a listener was told of one recording, and when.
///
/// Times are seconds from when the first sample was sent. Sound is sent at its own pace: second 3 of the recording at time 3.
package struct CaptionTrace: Sendable, Equatable, Codable {
    /// An utterance so far.
    package struct Partial: Sendable, Equatable, Codable {
        package var time: Double
        /// Number of the utterance.
        package var utterance: Int
        /// Text that only grows.
        package var stable: String
        /// What follows it and may change.
        package var tentative: String

        package init(time: Double, utterance: Int, stable: String, tentative: String) {
            self.time = time
            self.utterance = utterance
            self.stable = stable
            self.tentative = tentative
        }
    }

    /// An utterance that is over.
    package struct Final: Sendable, Equatable, Codable {
        package var time: Double
        /// Number of the utterance.
        package var utterance: Int
        /// Empty when nothing was said after all.
        package var text: String
        /// Its sound, in seconds of the recording.
        package var start: Double
        package var end: Double
        /// 0...1.
        package var confidence: Double

        package init(time: Double, utterance: Int, text: String, start: Double, end: Double, confidence: Double) {
            self.time = time
            self.utterance = utterance
            self.text = text
            self.start = start
            self.end = end
            self.confidence = confidence
        }
    }

    /// In the order in which they came.
    package var partials: [Partial] = []
    package var finals: [Final] = []

    package init() {}

    /// The final text of all utterances.
    package var text: String { finals.map(\.text).filter { !$0.isEmpty }.joined(separator: " ") }

    /// The last stable text of an utterance.
    package func stableText(of utterance: Int) -> String {
        partials.last { $0.utterance == utterance }?.stable ?? ""
    }
}
