public import Recognition

/// A text frame from a worker.
public enum WorkerReply: Sendable, Equatable {
    /// The first message of a connection: what works here.
    case hello(Hello)
    /// The text of a window.
    case recognized(Recognized)
    /// Whether there is speech in a window.
    case detected(Detected)
    /// The worker does not have the sound before ``WorkerRequest/Recognize/newFrom``: the request is to be sent again with
    /// all of it, under the same number.
    case soundMissing(SoundMissing)
    /// Why a request has no answer, or, without a number, why the connection ends.
    case error(Failure)
}

extension WorkerReply {
    /// What a worker is.
    public struct Hello: Sendable, Equatable, Codable {
        /// Version of the protocol; ``SoriProtocol/version``.
        public var version: Int
        /// Present at `/v1/recognize`.
        public var recognizer: RecognizerDescription?
        /// Present at `/v1/detect`.
        public var detector: DetectorDescription?
        /// Requests of one connection that may wait for their answers; more are refused with `overloaded`.
        public var requests: Int

        /// Creates the message.
        public init(
            version: Int = SoriProtocol.version, recognizer: RecognizerDescription? = nil,
            detector: DetectorDescription? = nil, requests: Int
        ) {
            self.version = version
            self.recognizer = recognizer
            self.detector = detector
            self.requests = requests
        }
    }

    /// The text of a window.
    public struct Recognized: Sendable, Equatable, Codable {
        /// Number of the request.
        public var id: Int
        /// The text.
        public var result: RecognitionResult

        /// Creates the message.
        public init(id: Int, result: RecognitionResult) {
            self.id = id
            self.result = result
        }
    }

    /// What a detector heard.
    public struct Detected: Sendable, Equatable, Codable {
        /// Number of the request.
        public var id: Int
        /// What was heard.
        public var detection: SpeechDetection

        /// Creates the message.
        public init(id: Int, detection: SpeechDetection) {
            self.id = id
            self.detection = detection
        }
    }

    /// Asks for all of a window's sound.
    public struct SoundMissing: Sendable, Equatable, Codable {
        /// Number of the request.
        public var id: Int

        /// Creates the message.
        public init(id: Int) { self.id = id }
    }

    /// Why there is no answer.
    public struct Failure: Sendable, Equatable, Codable {
        /// Number of the request; `nil` when the connection ends.
        public var id: Int?
        /// What kind of thing went wrong.
        public var code: WorkerErrorCode
        /// One line that says what is wrong and what to do.
        public var message: String
        /// Seconds after which the same request may be taken; with ``WorkerErrorCode/overloaded``.
        public var retryAfter: Double?

        /// Creates the message.
        public init(id: Int?, code: WorkerErrorCode, message: String, retryAfter: Double? = nil) {
            self.id = id
            self.code = code
            self.message = message
            self.retryAfter = retryAfter
        }
    }

    /// Number of the request that is answered; `nil` where the message is about the connection.
    public var id: Int? {
        switch self {
        case .hello: nil
        case .recognized(let answer): answer.id
        case .detected(let answer): answer.id
        case .soundMissing(let answer): answer.id
        case .error(let failure): failure.id
        }
    }
}

extension WorkerReply: Codable {
    private enum Kind: String, Choice {
        case hello, result, detection, error
        case soundMissing = "sound_missing"
    }
    private enum Key: String, CodingKey {
        case type
    }

    /// Reads a message by its `type`; fields that are unknown are ignored.
    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .type) {
        case .hello: self = .hello(try Hello(from: decoder))
        case .result: self = .recognized(try Recognized(from: decoder))
        case .detection: self = .detected(try Detected(from: decoder))
        case .soundMissing: self = .soundMissing(try SoundMissing(from: decoder))
        case .error: self = .error(try Failure(from: decoder))
        }
    }

    /// Writes the message with its `type`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func write(_ kind: Kind, _ body: some Encodable) throws {
            try container.encode(kind, forKey: .type)
            try body.encode(to: encoder)
        }
        switch self {
        case .hello(let body): try write(.hello, body)
        case .recognized(let body): try write(.result, body)
        case .detected(let body): try write(.detection, body)
        case .soundMissing(let body): try write(.soundMissing, body)
        case .error(let body): try write(.error, body)
        }
    }
}
