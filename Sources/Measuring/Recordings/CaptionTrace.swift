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

    /// What was told of the utterances that began in a part of the recording, as if it were a recording of its own.
    ///
    /// - Parameters:
    ///   - start: seconds from the start of the recording.
    ///   - seconds: length.
    package func part(from start: Double, seconds: Double) -> CaptionTrace {
        var part = CaptionTrace()
        part.finals = finals.filter { $0.start >= start && $0.start < start + seconds }
        let utterances = Set(part.finals.map(\.utterance))
        part.partials = partials.filter { utterances.contains($0.utterance) }
        for index in part.finals.indices {
            part.finals[index].time -= start
            part.finals[index].start -= start
            part.finals[index].end -= start
        }
        for index in part.partials.indices { part.partials[index].time -= start }
        return part
    }

    /// The last stable text of an utterance.
    package func stableText(of utterance: Int) -> String {
        partials.last { $0.utterance == utterance }?.stable ?? ""
    }
}
