/// What went wrong; a client takes a code that it does not know like ``internalError``.
public struct ErrorCode: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The code as it is on the wire.
    public let rawValue: String

    /// Creates a code from its name on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name on the wire.
    public var description: String { rawValue }

    /// No token, or a wrong one.
    public static let unauthorized = ErrorCode(rawValue: "unauthorized")
    /// A page of an origin that is not on the server's list.
    public static let originNotAllowed = ErrorCode(rawValue: "origin_not_allowed")
    /// The server serves as many sessions as it can.
    public static let tooManySessions = ErrorCode(rawValue: "too_many_sessions")
    /// The first message is not a valid `start`.
    public static let badStart = ErrorCode(rawValue: "bad_start")
    /// A later message is not valid; the session goes on.
    public static let badMessage = ErrorCode(rawValue: "bad_message")
    /// An encoding, rate or number of channels that the server does not take, or a frame with part of a sample.
    public static let unsupportedAudio = ErrorCode(rawValue: "unsupported_audio")
    /// A frame or message over the limit.
    public static let messageTooLarge = ErrorCode(rawValue: "message_too_large")
    /// More sound than the server keeps for a session has not been dealt with.
    public static let audioTooFast = ErrorCode(rawValue: "audio_too_fast")
    /// Nothing came from the client for too long.
    public static let idleTimeout = ErrorCode(rawValue: "idle_timeout")
    /// The session to take up is unknown, over, or the token is wrong.
    public static let sessionNotFound = ErrorCode(rawValue: "session_not_found")
    /// Nothing recognises speech now.
    public static let noWorkerReady = ErrorCode(rawValue: "no_worker_ready")
    /// The server stops; the session can be taken up at another one.
    public static let shuttingDown = ErrorCode(rawValue: "shutting_down")
    /// A fault of the server.
    public static let internalError = ErrorCode(rawValue: "internal")

    /// The codes of this version.
    public static let all: [ErrorCode] = [
        unauthorized, originNotAllowed, tooManySessions, badStart, badMessage, unsupportedAudio, messageTooLarge,
        audioTooFast, idleTimeout, sessionNotFound, noWorkerReady, shuttingDown, internalError,
    ]

    /// The status with which a WebSocket is closed after a fatal error (RFC 6455, section 7.4.1).
    public var closeStatus: UInt16 {
        switch self {
        case .badStart, .badMessage, .unsupportedAudio: 1007
        case .unauthorized, .originNotAllowed, .audioTooFast, .idleTimeout, .sessionNotFound: 1008
        case .messageTooLarge: 1009
        case .shuttingDown: 1001
        case .tooManySessions, .noWorkerReady: 1013
        default: 1011
        }
    }
}

/// What a notice is about.
public struct NoticeCode: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The code as it is on the wire.
    public let rawValue: String

    /// Creates a code from its name on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name on the wire.
    public var description: String { rawValue }

    /// Captions come later than the session's hop because the machine is busy.
    public static let captionsDelayed = NoticeCode(rawValue: "captions_delayed")
    /// Captions are on time again.
    public static let captionsOnTime = NoticeCode(rawValue: "captions_on_time")
    /// Sound is kept because nothing can recognise it now, or an utterance could not be decoded as a whole.
    public static let recognizerUnavailable = NoticeCode(rawValue: "recognizer_unavailable")
    /// Speech is recognised again.
    public static let recognizerAvailable = NoticeCode(rawValue: "recognizer_available")
    /// Samples that are not numbers were taken as silence.
    public static let badSamples = NoticeCode(rawValue: "bad_samples")
    /// The channels cancel each other when they are mixed; the louder one is heard.
    public static let channelsCancel = NoticeCode(rawValue: "channels_cancel")

    /// The language that is spoken was heard, where it was not named.
    public static let languageDetected = NoticeCode(rawValue: "language_detected")
    /// Text of an utterance was shown and is taken back, for it is not believed that anybody said it.
    public static let textDropped = NoticeCode(rawValue: "text_dropped")
    /// Prompt and hotwords are longer than a model takes: the rest of them does nothing.
    public static let promptCut = NoticeCode(rawValue: "prompt_cut")
    /// The session cannot be stored: until ``storeAvailable`` it ends with this gateway.
    public static let storeUnavailable = NoticeCode(rawValue: "store_unavailable")
    /// The session is stored again.
    public static let storeAvailable = NoticeCode(rawValue: "store_available")
    /// The detector does not answer: what is loud is taken for speech until it does.
    public static let detectorUnavailable = NoticeCode(rawValue: "detector_unavailable")

    /// The codes of this version.
    public static let all: [NoticeCode] = [
        captionsDelayed, captionsOnTime, recognizerUnavailable, recognizerAvailable, badSamples, channelsCancel,
        languageDetected, promptCut, textDropped, storeUnavailable, storeAvailable, detectorUnavailable,
    ]
}
