internal import WhisperText

/// Why a request for recognition or detection has no result.
public struct RecognitionError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong; new codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String, CaseIterable {
            case badInput, overloaded, cancelled, shutDown, engineUnavailable, engineFailed, threadUnavailable
            case connectionLost, noWorker
        }
        private let value: Value

        /// The request can never work; the message says what is wrong with it.
        public static let badInput = Code(value: .badInput)
        /// The queue is full; ``RecognitionError/overload`` says how full and when to come back.
        public static let overloaded = Code(value: .overloaded)
        /// The task that asked was cancelled.
        public static let cancelled = Code(value: .cancelled)
        /// The recogniser has been shut down.
        public static let shutDown = Code(value: .shutDown)
        /// The engine could not be made, so nothing was tried; the cause says why.
        public static let engineUnavailable = Code(value: .engineUnavailable)
        /// The engine gave up on this request; the cause says why.
        public static let engineFailed = Code(value: .engineFailed)
        /// The system has no thread left for a lane.
        public static let threadUnavailable = Code(value: .threadUnavailable)

        /// The connection to the worker that had the request is gone, or there is none.
        public static let connectionLost = Code(value: .connectionLost)
        /// No worker was ready in the time that the request had.
        public static let noWorker = Code(value: .noWorker)

        /// The codes of this version.
        public static let all = Value.allCases.map(Code.init)

        /// Whether the same request may work when it is made again.
        public var mayWorkLater: Bool { self != .badInput && self != .cancelled }

        /// The code's name.
        public var description: String { value.rawValue }
    }

    /// What kind of thing went wrong.
    public let code: Code
    /// One line that says what is wrong and what to do.
    public let message: String
    /// The error underneath, if there is one.
    public let cause: (any Error)?
    /// When most of what waits should be done, judged by the requests so far; present with ``Code/overloaded`` only.
    public let retryAfter: Duration?

    /// Creates an error from its parts.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        (self.code, self.message, self.cause, retryAfter) = (code, message, cause, nil)
    }

    /// Creates the error for a request that found no room.
    public init(overloaded message: String, retryAfter: Duration?) {
        (code, self.message, cause, self.retryAfter) = (.overloaded, message, nil, retryAfter)
    }

    /// Creates the error for a request that found so many others waiting, which is the bound.
    public init(queued: Int, retryAfter: Duration) {
        let tenths = (retryAfter / .milliseconds(100)).rounded(.up)
        self.init(
            overloaded: "the queue is full (\(queued) waiting); try again in \(tenths / 10) s or add lanes",
            retryAfter: retryAfter)
    }

    /// The ``message``.
    public var description: String { message }
}

extension RecognitionError {
    package static let cancelled = RecognitionError(
        .cancelled, "the request was cancelled; send it again if it is still wanted")

    package static let shutDown = RecognitionError(
        .shutDown, "the recogniser is shut down; send the request to another one")

    /// An error from making an engine; an error of this module is passed on as it is.
    package static func engineUnavailable(_ cause: any Error) -> RecognitionError {
        cause as? RecognitionError
            ?? RecognitionError(
                .engineUnavailable, "the engine could not be started: \(cause); run `sori doctor`", cause: cause)
    }

    /// An error from working with an engine; an error of this module is passed on as it is.
    package static func engineFailed(_ cause: any Error) -> RecognitionError {
        switch cause {
        case let error as RecognitionError: error
        case is CancellationError: .cancelled
        case let error as WhisperError where error.code == .cancelled: .cancelled
        case let error as WhisperError where error.code == .badInput:
            RecognitionError(.badInput, error.message, cause: error)
        default: RecognitionError(.engineFailed, "the engine failed: \(cause); send the request again", cause: cause)
        }
    }
}
