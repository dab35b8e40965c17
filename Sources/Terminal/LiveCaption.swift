/// What is shown while somebody is listened to: the text that may still change, and how it goes.
public struct LiveCaption: Sendable, Equatable {
    /// An utterance that is not final.
    public struct Utterance: Sendable, Equatable {
        /// Its number; they are shown in this order.
        public var number: Int
        /// Text that only grows.
        public var stable: String
        /// Text behind it that may change.
        public var tentative: String

        /// Creates an utterance.
        public init(number: Int, stable: String, tentative: String) {
            self.number = number
            self.stable = stable
            self.tentative = tentative
        }
    }

    /// How it goes.
    public enum State: Sendable, Equatable {
        /// There is no server yet.
        case connecting
        /// A server listens.
        case listening
        /// The last words are awaited.
        case finishing
        /// The connection broke; another attempt comes in so many seconds, or is under way.
        case reconnecting(seconds: Int?)
        /// The server is full; another attempt comes in so many seconds, or is under way.
        case waiting(seconds: Int?)
    }

    /// Utterances that are not final, in the order of their numbers.
    public private(set) var utterances: [Utterance] = []
    /// How it goes.
    public var state = State.connecting
    /// The loudest sound of a moment in decibels below full scale, or nil where no meter is shown.
    public var level: Float?
    /// Seconds of sound so far.
    public var seconds = 0.0
    /// Something the user should know, in a few words.
    public var hint: String?

    /// Creates what is shown at the start.
    public init() {}

    /// Shows an utterance, or what has become of it.
    public mutating func show(_ utterance: Utterance) {
        remove(utterance.number)
        let index = utterances.firstIndex { $0.number > utterance.number } ?? utterances.endIndex
        utterances.insert(utterance, at: index)
    }

    /// Takes an utterance away, because it is final.
    public mutating func remove(_ number: Int) {
        utterances.removeAll { $0.number == number }
    }

    /// Takes all utterances away: after a broken connection they may begin anew.
    public mutating func removeUtterances() {
        utterances = []
    }
}
