package import SoriProtocol

/// What a listener was told of one recording, and when.
///
/// Times are seconds from when the first sample was sent. Sound is sent at its own pace: second 3 of the recording at time 3.
package struct CaptionTrace: Sendable, Equatable {
    /// A message and when it came.
    package struct Told<Message: Sendable & Equatable>: Sendable, Equatable {
        package var message: Message
        package var time: Double
    }

    /// In the order in which they came.
    package private(set) var partials: [Told<ServerMessage.Partial>] = []
    package private(set) var finals: [Told<ServerMessage.Final>] = []

    package init() {}

    /// Takes what came at a time.
    package mutating func take(_ partial: ServerMessage.Partial, at time: Double) {
        partials.append(Told(message: partial, time: time))
    }

    package mutating func take(_ final: ServerMessage.Final, at time: Double) {
        finals.append(Told(message: final, time: time))
    }

    /// The final text of all utterances.
    package var text: String { finals.map(\.message.text).filter { !$0.isEmpty }.joined(separator: " ") }

    /// The last stable text of an utterance.
    package func stableText(of utterance: Int) -> String {
        partials.last { $0.message.utterance == utterance }?.message.stable ?? ""
    }
}
