public import Recognition

/// A text frame to a worker. The sound of a request follows it in one binary frame, before any other text frame.
public enum WorkerRequest: Sendable, Equatable {
    /// A window to write down, at `/v1/recognize`.
    case recognize(Recognize)
    /// A window in which there may be speech, at `/v1/detect`.
    case detect(Detect)
    /// The answer to a request is not wanted any longer. No sound follows.
    case cancel(Cancel)
}

extension WorkerRequest {
    /// The head of a request for text.
    public struct Recognize: Sendable, Equatable {
        /// Number of the request: 0 or more, of no other request of this connection that is not answered.
        public var id: Int
        /// How the sound is encoded.
        public var encoding: SoundEncoding
        /// With ``RecognitionRequest/place``: position in the stream from which the sound that follows is new. What the
        /// window holds before it is what the worker has of the stream's last window. `nil` when all of it follows.
        public var newFrom: Int?
        /// The request, without its sound.
        public var request: RecognitionRequest

        /// Creates a head; sound in the request is not sent with it.
        public init(
            id: Int, encoding: SoundEncoding = .pcmS16LE, newFrom: Int? = nil, request: RecognitionRequest
        ) {
            self.id = id
            self.encoding = encoding
            self.newFrom = newFrom
            self.request = request
        }
    }

    /// The head of a question to a detector.
    public struct Detect: Sendable, Equatable {
        /// Number of the request: 0 or more, of no other request of this connection that is not answered.
        public var id: Int
        /// How the sound is encoded.
        public var encoding: SoundEncoding
        /// Code of the language that is spoken; `nil` where it is not known.
        public var language: String?

        /// Creates a head.
        public init(id: Int, encoding: SoundEncoding = .pcmS16LE, language: String? = nil) {
            self.id = id
            self.encoding = encoding
            self.language = language
        }
    }

    /// Takes a request back.
    public struct Cancel: Sendable, Equatable, Codable {
        /// Number of the request.
        public var id: Int

        /// Creates the message.
        public init(id: Int) { self.id = id }
    }

    /// Number of the request.
    public var id: Int {
        switch self {
        case .recognize(let head): head.id
        case .detect(let head): head.id
        case .cancel(let message): message.id
        }
    }

    /// How the sound is encoded that follows; `nil` where none does.
    public var encoding: SoundEncoding? {
        switch self {
        case .recognize(let head): head.encoding
        case .detect(let head): head.encoding
        case .cancel: nil
        }
    }
}

private enum Key: String, CodingKey {
    case type, id, encoding, newFrom, language
}

extension WorkerRequest.Recognize: Codable {
    /// Reads a head; what is absent has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try container.decode(Int.self, forKey: .id),
            encoding: try container.decodeIfPresent(SoundEncoding.self, forKey: .encoding) ?? .pcmS16LE,
            newFrom: try container.decodeIfPresent(Int.self, forKey: .newFrom),
            request: try RecognitionRequest(from: decoder))
        request.samples = []
    }

    /// Writes the head, with the request's fields beside its own.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encode(encoding, forKey: .encoding)
        try container.encodeIfPresent(newFrom, forKey: .newFrom)
        var head = request
        head.samples = []
        try head.encode(to: encoder)
    }
}

extension WorkerRequest.Detect: Codable {
    /// Reads a head; what is absent has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try container.decode(Int.self, forKey: .id),
            encoding: try container.decodeIfPresent(SoundEncoding.self, forKey: .encoding) ?? .pcmS16LE,
            language: try container.decodeIfPresent(String.self, forKey: .language))
    }

    /// Writes the head.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encode(encoding, forKey: .encoding)
        try container.encodeIfPresent(language, forKey: .language)
    }
}

extension WorkerRequest: Codable {
    private enum Kind: String, Choice {
        case recognize, detect, cancel
    }

    /// Reads a message by its `type`; fields that are unknown are ignored.
    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .type) {
        case .recognize: self = .recognize(try Recognize(from: decoder))
        case .detect: self = .detect(try Detect(from: decoder))
        case .cancel: self = .cancel(try Cancel(from: decoder))
        }
        guard id >= 0 else { throw MessageError(at: [Key.id], "must be 0 or more") }
    }

    /// Writes the message with its `type`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .recognize(let head):
            try container.encode(Kind.recognize, forKey: .type)
            try head.encode(to: encoder)
        case .detect(let head):
            try container.encode(Kind.detect, forKey: .type)
            try head.encode(to: encoder)
        case .cancel(let message):
            try container.encode(Kind.cancel, forKey: .type)
            try message.encode(to: encoder)
        }
    }
}
