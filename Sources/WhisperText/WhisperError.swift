/// What went wrong in the recognition engine: a code to act on and one line to show.
public struct WhisperError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case modelNotFound, badModel, unsupportedModel, noDevice, outOfMemory, badInput, cancelled, computeFailed
        }

        private let value: Value

        /// There is no model at the path that was given, or one of its files is missing.
        public static let modelNotFound = Code(value: .modelNotFound)
        /// A model file is damaged, cut short, or its parts disagree.
        public static let badModel = Code(value: .badModel)
        /// A sound file, but of a kind that this library does not read.
        public static let unsupportedModel = Code(value: .unsupportedModel)
        /// The device asked for does not exist, or ggml was not found.
        public static let noDevice = Code(value: .noDevice)
        /// The device has too little memory for the model.
        public static let outOfMemory = Code(value: .outOfMemory)
        /// Audio or options that cannot be used: an unknown language, samples that are not numbers, and the like.
        public static let badInput = Code(value: .badInput)
        /// The work was cancelled.
        public static let cancelled = Code(value: .cancelled)
        /// The device failed while it computed.
        public static let computeFailed = Code(value: .computeFailed)

        /// The code's name.
        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One line that says what is wrong and what to do about it. Never holds a transcript.
    public let message: String
    /// The error underneath, if there was one.
    public let cause: (any Error)?

    /// Creates an error.
    ///
    /// Control characters in `message`, which may come from a file's name or a damaged file, are replaced, so that it
    /// stays one line.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        var line = String.UnicodeScalarView()
        line.append(
            contentsOf: message.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 })
        self.message = String(line)
        self.cause = cause
    }

    /// The ``message``.
    public var description: String { message }
}
