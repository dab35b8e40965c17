public import Recognition

/// Why a worker does not answer a request; a code that is not known is taken like ``engineFailed``.
public struct WorkerErrorCode: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The code as it is on the wire.
    public let rawValue: String

    /// Creates a code from its name on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The name on the wire.
    public var description: String { rawValue }

    /// The request can never work; the message names the field.
    public static let badInput = WorkerErrorCode(rawValue: "bad_input")
    /// The queue is full, or the connection has as many requests as may wait.
    public static let overloaded = WorkerErrorCode(rawValue: "overloaded")
    /// The request was taken back.
    public static let cancelled = WorkerErrorCode(rawValue: "cancelled")
    /// The worker stops, and takes no more requests.
    public static let shuttingDown = WorkerErrorCode(rawValue: "shutting_down")
    /// The engine could not be made.
    public static let engineUnavailable = WorkerErrorCode(rawValue: "engine_unavailable")
    /// The engine gave up on this request.
    public static let engineFailed = WorkerErrorCode(rawValue: "engine_failed")
    /// No worker was ready in the time that the request had; from a gateway that passes requests on.
    public static let noWorkerReady = WorkerErrorCode(rawValue: "no_worker_ready")
    /// A message that breaks the protocol; the connection ends.
    public static let badMessage = WorkerErrorCode(rawValue: "bad_message")
    /// A message over the limit; the connection ends.
    public static let messageTooLarge = WorkerErrorCode(rawValue: "message_too_large")

    /// The codes of this version.
    public static let all: [WorkerErrorCode] = [
        badInput, overloaded, cancelled, shuttingDown, engineUnavailable, engineFailed, noWorkerReady, badMessage,
        messageTooLarge,
    ]

    /// The code for an error of a recogniser or detector.
    public init(_ code: RecognitionError.Code) {
        self =
            switch code {
            case .badInput: .badInput
            case .overloaded: .overloaded
            case .cancelled: .cancelled
            case .shutDown: .shuttingDown
            case .engineUnavailable, .threadUnavailable: .engineUnavailable
            case .noWorker, .connectionLost: .noWorkerReady
            default: .engineFailed
            }
    }

    /// What it is to whoever asked.
    public var recognitionCode: RecognitionError.Code {
        switch self {
        case .badInput, .badMessage, .messageTooLarge: .badInput
        case .overloaded: .overloaded
        case .cancelled: .cancelled
        case .shuttingDown: .shutDown
        case .engineUnavailable: .engineUnavailable
        case .noWorkerReady: .noWorker
        default: .engineFailed
        }
    }
}

extension WorkerReply.Failure {
    /// Why a request came to nothing.
    public init(id: Int, _ error: RecognitionError) {
        self.init(
            id: id, code: WorkerErrorCode(error.code), message: error.message,
            retryAfter: error.retryAfter.map { $0 / .seconds(1) })
    }

    /// The error as whoever asked gets it.
    public var error: RecognitionError {
        guard code == .overloaded else { return RecognitionError(code.recognitionCode, message) }
        // A worker may say what it likes; a `Duration` holds no infinity.
        return RecognitionError(overloaded: message, retryAfter: retryAfter.map { .seconds(min(max(0, $0), 3600)) })
    }
}
