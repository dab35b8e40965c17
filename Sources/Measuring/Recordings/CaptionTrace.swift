/// What a listener was told of one recording, and when.
///
/// Times are seconds from when the first sample was sent. Sound is sent at its own pace: second 3 of the recording at time 3.
package struct CaptionTrace: Sendable, Equatable, Codable {
    /// Text of an utterance that is being spoken.
    package struct Partial: Sendable, Equatable, Codable {
        package var time: Double
        package var utterance: Int
        /// What only grows.
        package var stable: String
        /// What stands behind it and may change.
        package var tentative: String

        package init(time: Double, utterance: Int, stable: String, tentative: String) {
            self.time = time
            self.utterance = utterance
            self.stable = stable
            self.tentative = tentative
        }
    }

    /// Text of an utterance that will not change.
    package struct Final: Sendable, Equatable, Codable {
        package var time: Double
        package var utterance: Int
        package var text: String
        /// Seconds from the start of the recording.
        package var start: Double
        package var end: Double

        package init(time: Double, utterance: Int, text: String, start: Double, end: Double) {
            self.time = time
            self.utterance = utterance
            self.text = text
            self.start = start
            self.end = end
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
