/// Why a store did not do what it was asked for.
package struct ContextStoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong; new codes may be added.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case badInput, badAddress, fenced, notFound, alreadyExists, foreignData, threadUnavailable
            case unreachable, accessDenied, readOnly, full, loading, overloaded, refused
        }
        private let value: Value

        /// The request can never work; the message says what is wrong with it.
        package static let badInput = Code(value: .badInput)
        /// The address of a store makes no sense.
        package static let badAddress = Code(value: .badAddress)
        /// Somebody else owns the session now: stop working on it.
        package static let fenced = Code(value: .fenced)
        /// There is no such session: it was removed, or has expired.
        package static let notFound = Code(value: .notFound)
        /// There is a session of that name already.
        package static let alreadyExists = Code(value: .alreadyExists)
        /// Under a key of ours lies something that was not written by us; it is left as it is.
        package static let foreignData = Code(value: .foreignData)
        /// The system has no thread left for a connection.
        package static let threadUnavailable = Code(value: .threadUnavailable)
        /// The store cannot be reached, or did not answer in time: what was asked for may or may not be done.
        package static let unreachable = Code(value: .unreachable)
        /// The password is wrong, or its user may not do this.
        package static let accessDenied = Code(value: .accessDenied)
        /// The store takes no writes: it is a replica.
        package static let readOnly = Code(value: .readOnly)
        /// The store has no memory left.
        package static let full = Code(value: .full)
        /// The store has been started and still reads its data.
        package static let loading = Code(value: .loading)
        /// Too many requests wait for the store.
        package static let overloaded = Code(value: .overloaded)
        /// The store refused for another reason; the message says which.
        package static let refused = Code(value: .refused)

        /// Whether the store, and not the request, is the reason, so that the same may work later.
        package var isOutage: Bool {
            switch value {
            case .unreachable, .accessDenied, .readOnly, .full, .loading, .overloaded, .refused: true
            case .badInput, .badAddress, .fenced, .notFound, .alreadyExists, .foreignData, .threadUnavailable: false
            }
        }

        /// The code's name.
        package var description: String { value.rawValue }
    }

    /// What kind of thing went wrong.
    package let code: Code
    /// One line that says what is wrong and what to do. Neither a password nor anything of a record is in it.
    package let message: String
    /// The error underneath, if there is one.
    package let cause: (any Error)?

    /// Creates an error from its parts.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The ``message``.
    package var description: String { message }
}

extension ContextStoreError {
    /// Somebody else owns a session.
    static func fenced(_ session: String) -> ContextStoreError {
        ContextStoreError(.fenced, "session '\(session)' has another owner now; stop working on it here")
    }

    /// There is no such session.
    static func notFound(_ session: String) -> ContextStoreError {
        ContextStoreError(.notFound, "session '\(session)' is not stored, or has expired; start a new one")
    }

    /// There is such a session.
    static func alreadyExists(_ session: String) -> ContextStoreError {
        ContextStoreError(.alreadyExists, "session '\(session)' is stored already; choose another name")
    }

    /// Something else lies under a key.
    static func foreignData(_ key: String) -> ContextStoreError {
        ContextStoreError(
            .foreignData,
            "the key '\(key)' holds data that is not of this program; use another database, or delete the key")
    }
}
