/// A text frame from a server, and an event for onlookers.
public enum ServerMessage: Sendable, Equatable {
    /// The session is open: sound may come.
    case ready(Ready)
    /// Somebody begins to speak, or has stopped.
    case speech(Speech)
    /// What is known of an utterance that is still spoken.
    case partial(Partial)
    /// The text of an utterance, which never changes.
    case final(Final)
    /// What the text of a `final` means, where the client has asked for it.
    case translation(Translation)
    /// Sound that the client need not keep any longer.
    case ack(Acknowledgement)
    /// What was said so far is in finals, because the client asked for it or has sent nothing for a while.
    case flushed(Flush)
    /// Something the user should know; the session goes on.
    case notice(Notice)
    /// Something went wrong.
    case error(Failure)
    /// Everything is said: the last message.
    case finished(Finish)
}

extension ServerMessage {
    /// The answer to `start`.
    public struct Ready: Sendable, Equatable, Codable {
        /// The session's id; not secret.
        public var session: String
        /// The name under which onlookers find it; absent where it has none.
        public var name: String?
        /// Proof for taking the session up again; secret.
        public var resumeToken: String
        /// Sample, at the client's rate, from which sound is expected: 0 for a new session.
        public var resumeAt: Int
        /// The policy in force.
        public var policy: ClientMessage.Policy
        /// Code of the language that is spoken, given or detected; absent while it is not known.
        public var language: String?

        /// Creates the message.
        public init(
            session: String, name: String? = nil, resumeToken: String, resumeAt: Int, policy: ClientMessage.Policy,
            language: String? = nil
        ) {
            self.session = session
            self.name = name
            self.resumeToken = resumeToken
            self.resumeAt = resumeAt
            self.policy = policy
            self.language = language
        }
    }

    /// Where speech begins or ends.
    public struct Speech: Sendable, Equatable, Codable {
        /// Whether somebody speaks from here on.
        public enum State: String, Sendable, Choice {
            case started, stopped
        }
        /// Whether somebody speaks from here on.
        public var state: State
        /// Seconds from the start of the session.
        public var at: Double

        /// Creates the message.
        public init(state: State, at: Double) {
            self.state = state
            self.at = at
        }
    }

    /// An utterance so far: its text is `stable` followed by `tentative`.
    public struct Partial: Sendable, Equatable, Codable {
        /// Number of the utterance in the session, from 0.
        public var utterance: Int
        /// Text that only grows until the `final`.
        public var stable: String
        /// What follows it; may change with every message.
        public var tentative: String
        /// Where the utterance begins, in seconds from the start of the session.
        public var start: Double

        /// Creates the message.
        public init(utterance: Int, stable: String, tentative: String, start: Double) {
            self.utterance = utterance
            self.stable = stable
            self.tentative = tentative
            self.start = start
        }
    }

    /// An utterance that is over.
    public struct Final: Sendable, Equatable, Codable {
        /// A word and when it was said.
        public struct Word: Sendable, Equatable, Codable {
            /// The word as written, without white space around it.
            public var text: String
            /// Seconds from the start of the session.
            public var start: Double
            /// Seconds from the start of the session.
            public var end: Double
            /// Probability of the word in 0...1.
            public var confidence: Double

            /// Creates a word.
            public init(text: String, start: Double, end: Double, confidence: Double) {
                self.text = text
                self.start = start
                self.end = end
                self.confidence = confidence
            }
        }

        /// A sentence of the text.
        public struct Sentence: Sendable, Equatable, Codable {
            /// The sentence, without white space at either end.
            public var text: String
            /// Seconds from the start of the session.
            public var start: Double
            /// Seconds from the start of the session.
            public var end: Double

            /// Creates a sentence.
            public init(text: String, start: Double, end: Double) {
                self.text = text
                self.start = start
                self.end = end
            }
        }

        /// Number of the utterance in the session, from 0.
        public var utterance: Int
        /// The text; empty when nothing was said after all.
        public var text: String
        /// Its words.
        public var words: [Word]
        /// Its sentences, in order; together they are all of the text. None from servers that know none.
        public var sentences: [Sentence]
        /// Where the utterance begins, in seconds from the start of the session.
        public var start: Double
        /// Where it ends.
        public var end: Double
        /// Code of the language, given or detected.
        public var language: String
        /// Geometric mean of the tokens' probabilities, 0...1.
        public var confidence: Double

        /// Creates the message.
        public init(
            utterance: Int, text: String, words: [Word], sentences: [Sentence] = [], start: Double, end: Double,
            language: String, confidence: Double
        ) {
            self.utterance = utterance
            self.text = text
            self.words = words
            self.sentences = sentences
            self.start = start
            self.end = end
            self.language = language
            self.confidence = confidence
        }

        /// Reads a final; ``sentences`` may be absent.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                utterance: try container.decode(Int.self, forKey: .utterance),
                text: try container.decode(String.self, forKey: .text),
                words: try container.decode([Word].self, forKey: .words),
                sentences: try container.decodeIfPresent([Sentence].self, forKey: .sentences) ?? [],
                start: try container.decode(Double.self, forKey: .start),
                end: try container.decode(Double.self, forKey: .end),
                language: try container.decode(String.self, forKey: .language),
                confidence: try container.decode(Double.self, forKey: .confidence))
        }
    }

    /// What an utterance means in another language. It comes after the `final`, and may come more than once, with the same text.
    public struct Translation: Sendable, Equatable, Codable {
        /// Number of the utterance.
        public var utterance: Int
        /// The text; empty where none could be made.
        public var text: String
        /// Code of the language that it is in.
        public var language: String

        /// Creates the message.
        public init(utterance: Int, text: String, language: String = "en") {
            self.utterance = utterance
            self.text = text
            self.language = language
        }
    }

    /// Sound that is dealt with.
    public struct Acknowledgement: Sendable, Equatable, Codable {
        /// Everything before this sample, at the client's rate, is in final text or was silence, and is stored.
        public var samples: Int

        /// Creates the message.
        public init(samples: Int) {
            self.samples = samples
        }
    }

    /// An end of what was said that does not come from the sound.
    public struct Flush: Sendable, Equatable, Codable {
        /// Why it is there.
        public enum Reason: String, Sendable, Choice {
            /// The client has sent ``ClientMessage/flush``.
            case asked
            /// The client has sent no sound for a while.
            case gap
        }

        /// Everything before this sample, at the client's rate, is in final text or was silence. The same sound with a
        /// flush at the same samples gives the same transcript.
        public var samples: Int
        /// Why it is there.
        public var reason: Reason

        /// Creates the message.
        public init(samples: Int, reason: Reason) {
            self.samples = samples
            self.reason = reason
        }
    }

    /// Something the user should know.
    public struct Notice: Sendable, Equatable, Codable {
        /// What it is about.
        public var code: NoticeCode
        /// One line.
        public var message: String
        /// With ``NoticeCode/languageDetected``: code of the language.
        public var language: String?
        /// With ``NoticeCode/textDropped``: number of the utterance.
        public var utterance: Int?
        /// With ``NoticeCode/textDropped``: why, in a word for programs; new ones may be added.
        public var reason: String?

        /// Creates the message.
        public init(
            code: NoticeCode, message: String, language: String? = nil, utterance: Int? = nil, reason: String? = nil
        ) {
            self.code = code
            self.message = message
            self.language = language
            self.utterance = utterance
            self.reason = reason
        }
    }

    /// Something that went wrong.
    public struct Failure: Sendable, Equatable, Codable {
        /// What went wrong.
        public var code: ErrorCode
        /// One line that says what to do.
        public var message: String
        /// Whether the connection is closed after it.
        public var fatal: Bool
        /// Seconds after which another attempt may succeed.
        public var retryAfter: Double?

        /// Creates the message.
        public init(code: ErrorCode, message: String, fatal: Bool, retryAfter: Double? = nil) {
            self.code = code
            self.message = message
            self.fatal = fatal
            self.retryAfter = retryAfter
        }
    }

    /// The end of the session.
    public struct Finish: Sendable, Equatable, Codable {
        /// Samples, at the client's rate, that the session took in.
        public var samples: Int

        /// Creates the message.
        public init(samples: Int) {
            self.samples = samples
        }
    }
}
