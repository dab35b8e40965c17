/// A text frame from a client.
public enum ClientMessage: Sendable, Equatable {
    /// The first message of a connection: what is spoken and how the sound is encoded.
    case start(Start)
    /// Changes settings while the session runs.
    case configure(Configuration)
    /// What was said so far is wanted as final text; the session goes on.
    case flush
    /// No more sound comes: the last words are wanted.
    case finish
}

extension ClientMessage {
    /// Opens a session, or takes one up again after a broken socket.
    public struct Start: Sendable, Equatable, Codable {
        /// Version of the protocol; ``SoriProtocol/version``.
        public var version: Int
        /// The language spoken: a code or tag such as `ko` or `en-US`, a name, or `auto` to detect it; the server's
        /// default without.
        public var language: String?
        /// Where the language is detected: those that come into question; the server's default without, any if empty.
        public var languages: [String]?
        /// What is written; `transcribe` without.
        public var task: Task?
        /// Whether a `translation` into English follows each `final` in another language; `false` without.
        public var translate: Bool?
        /// How windows become captions; the server's own default without.
        public var policy: Policy?
        /// How the binary frames are encoded; 16-bit PCM, 16 kHz, mono without.
        public var audio: AudioFormat?
        /// Words that the speaker is likely to use, or a sample of the style wanted. It never scrolls away.
        public var prompt: String?
        /// Names and terms to listen for.
        public var hotwords: [String]?
        /// The session to take up again.
        public var session: String?
        /// Proves that the session is this client's; from its `ready`.
        public var resumeToken: String?
        /// With ``session``: number of the last utterance whose `final` has arrived. Later ones are sent again; all that
        /// are kept without.
        public var lastFinal: Int?
        /// Whether a `final` may differ from the `stable` text before it; `true` without.
        public var corrections: Bool?
        /// Seconds without sound after which what was said becomes final, as after ``ClientMessage/flush``; 0 never, the
        /// server's default without.
        public var gap: Double?
        /// Under which onlookers find this session and those that have the same name after it: 1 to 40 ASCII letters, digits,
        /// `-` and `_`. That of the token, or none, without.
        public var name: String?

        /// Creates a start message.
        public init(
            version: Int = SoriProtocol.version, language: String? = nil, languages: [String]? = nil, task: Task? = nil,
            translate: Bool? = nil, policy: Policy? = nil, audio: AudioFormat? = nil, prompt: String? = nil,
            hotwords: [String]? = nil,
            session: String? = nil, resumeToken: String? = nil, lastFinal: Int? = nil, corrections: Bool? = nil,
            gap: Double? = nil, name: String? = nil
        ) {
            self.version = version
            self.language = language
            self.languages = languages
            self.task = task
            self.translate = translate
            self.policy = policy
            self.audio = audio
            self.prompt = prompt
            self.hotwords = hotwords
            self.session = session
            self.resumeToken = resumeToken
            self.lastFinal = lastFinal
            self.corrections = corrections
            self.gap = gap
            self.name = name
        }
    }

    /// Settings that may change while a session runs; what is absent stays as it is, `null` brings back
    /// the server's default.
    public struct Configuration: Sendable, Equatable {
        /// The language spoken, as in ``Start/language``.
        public var language: Change<String>
        /// The languages that come into question, as in ``Start/languages``.
        public var languages: Change<[String]>
        /// Whether finals are translated, as in ``Start/translate``.
        public var translate: Change<Bool>
        /// How windows become captions.
        public var policy: Change<Policy>
        /// The user's own prompt.
        public var prompt: Change<String>
        /// Names and terms to listen for.
        public var hotwords: Change<[String]>

        /// Creates a set of changes.
        public init(
            language: Change<String> = .keep, languages: Change<[String]> = .keep, translate: Change<Bool> = .keep,
            policy: Change<Policy> = .keep, prompt: Change<String> = .keep, hotwords: Change<[String]> = .keep
        ) {
            self.language = language
            self.languages = languages
            self.translate = translate
            self.policy = policy
            self.prompt = prompt
            self.hotwords = hotwords
        }
    }

    /// What is written of what is said.
    public enum Task: String, Sendable, Choice {
        /// The language spoken.
        case transcribe
        /// English.
        case translate
    }

    /// How windows of sound become captions.
    public enum Policy: String, Sendable, Choice {
        /// Text is stable when attention says that its sound is over.
        case alignatt
        /// Text is stable when two windows in a row agree on it.
        case localAgreement = "local-agreement"
        /// Windows of one length, each recognised once.
        case slidingWindow = "sliding-window"
    }
}

/// A setting in a ``ClientMessage/Configuration``.
public enum Change<Value: Sendable & Equatable>: Sendable, Equatable {
    /// The setting was absent and stays.
    case keep
    /// The new value; `nil` is the default.
    case set(Value?)
}

extension ClientMessage: Codable {
    private enum Kind: String, Choice {
        case start, configure, flush, finish
    }
    private enum Key: String, CodingKey {
        case type, version
    }

    /// Reads a message by its `type`; fields that are unknown are ignored.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .type) {
        case .start:
            // Before anything else, because the fields of another version may differ.
            guard try container.decode(Int.self, forKey: .version) == SoriProtocol.version else {
                throw MessageError(at: [Key.version], "must be \(SoriProtocol.version), which this server speaks")
            }
            self = .start(try Start(from: decoder))
        case .configure: self = .configure(try Configuration(from: decoder))
        case .flush: self = .flush
        case .finish: self = .finish
        }
    }

    /// Writes the message with its `type`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .start(let start):
            try container.encode(Kind.start, forKey: .type)
            try start.encode(to: encoder)
        case .configure(let configuration):
            try container.encode(Kind.configure, forKey: .type)
            try configuration.encode(to: encoder)
        case .flush:
            try container.encode(Kind.flush, forKey: .type)
        case .finish:
            try container.encode(Kind.finish, forKey: .type)
        }
    }
}

extension ClientMessage.Configuration: Codable {
    private enum Key: String, CodingKey {
        case language, languages, translate, policy, prompt, hotwords
    }

    /// Reads the settings that are there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func change<Value: Decodable>(_ key: Key, _ type: Value.Type) throws -> Change<Value> {
            container.contains(key) ? .set(try container.decodeIfPresent(type, forKey: key)) : .keep
        }
        language = try change(.language, String.self)
        languages = try change(.languages, [String].self)
        translate = try change(.translate, Bool.self)
        policy = try change(.policy, ClientMessage.Policy.self)
        prompt = try change(.prompt, String.self)
        hotwords = try change(.hotwords, [String].self)
    }

    /// Writes the settings that change.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func write<Value: Encodable>(_ change: Change<Value>, _ key: Key) throws {
            switch change {
            case .keep: break
            case .set(let value?): try container.encode(value, forKey: key)
            case .set(nil): try container.encodeNil(forKey: key)
            }
        }
        try write(language, .language)
        try write(languages, .languages)
        try write(translate, .translate)
        try write(policy, .policy)
        try write(prompt, .prompt)
        try write(hotwords, .hotwords)
    }
}
