/// Why audio could not be read or converted.
public struct AudioError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong; new codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case fileNotFound, notAFile, notReadable, empty, noSamples, noAudio, unknownFormat, damaged
            case unsupportedRate, incompleteSample, conversionFailed
        }
        private let value: Value

        /// There is no file at the path.
        public static let fileNotFound = Code(value: .fileNotFound)
        /// The path names a directory or a device.
        public static let notAFile = Code(value: .notAFile)
        /// The file is there but must not or cannot be opened.
        public static let notReadable = Code(value: .notReadable)
        /// The file has no bytes.
        public static let empty = Code(value: .empty)
        /// The file is a sound file of zero length.
        public static let noSamples = Code(value: .noSamples)
        /// The file is media without a sound track.
        public static let noAudio = Code(value: .noAudio)
        /// The format cannot be read here, though `ffmpeg` might.
        public static let unknownFormat = Code(value: .unknownFormat)
        /// The file is not media at all, or damaged from its beginning.
        public static let damaged = Code(value: .damaged)
        /// The sample rate is outside ``Resampler/supportedRates``.
        public static let unsupportedRate = Code(value: .unsupportedRate)
        /// A block of PCM ends in the middle of a sample.
        public static let incompleteSample = Code(value: .incompleteSample)
        /// The resampler or a helper program failed.
        public static let conversionFailed = Code(value: .conversionFailed)

        /// The code's name.
        public var description: String { value.rawValue }
    }

    /// What kind of thing went wrong.
    public let code: Code
    /// One line that says what is wrong and what to do.
    public let message: String
    /// The error underneath, if there is one.
    public let cause: (any Error)?

    /// Creates an error from its parts.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The ``message``.
    public var description: String { message }
}

extension AudioError {
    /// Nothing in the file at all.
    static func empty(_ name: String) -> AudioError {
        AudioError(.empty, "\(name) is empty (0 bytes); record or copy it again")
    }

    /// Bytes that no decoder makes sense of.
    static func damaged(_ name: String, detail: String) -> AudioError {
        AudioError(.damaged, "\(name) is not a sound file, or damaged (\(detail)); record or copy it again")
    }
}
