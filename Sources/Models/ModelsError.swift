/// What went wrong with model files: a code to act on and one line to show.
public struct ModelsError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case badName, notInstalled, notFound, noAccess, unreachable, badAnswer, badChecksum, diskFull, fileFailed
            case noPip
        }

        private let value: Value

        /// A name that no model can have.
        public static let badName = Code(value: .badName)
        /// The model is not on this machine.
        public static let notInstalled = Code(value: .notInstalled)
        /// The source has no such model.
        public static let notFound = Code(value: .notFound)
        /// The source does not give this model to this user.
        public static let noAccess = Code(value: .noAccess)
        /// The source could not be reached, or the connection was lost again and again.
        public static let unreachable = Code(value: .unreachable)
        /// The source answered something that makes no sense.
        public static let badAnswer = Code(value: .badAnswer)
        /// A file is not what it should be.
        public static let badChecksum = Code(value: .badChecksum)
        /// The disk is full.
        public static let diskFull = Code(value: .diskFull)
        /// A file could not be read or written.
        public static let fileFailed = Code(value: .fileFailed)
        /// Python's pip, which fetches from PyPI, is not there.
        public static let noPip = Code(value: .noPip)

        /// The code's name.
        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One line that says what is wrong and what to do about it.
    public let message: String
    /// The error underneath, if there was one.
    public let cause: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The ``message``.
    public var description: String { message }
}
