public import HTTPTypes

/// Why a connection could not be opened, or ended other than by a goodbye.
public struct WebSocketError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong; new codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case badAddress, unreachable, untrusted, refused, badHandshake
            case closed, connectionLost, peerSilent, protocolViolation, invalidText, messageTooLarge
        }

        private let value: Value

        /// The address is not one of a WebSocket.
        public static let badAddress = Code(value: .badAddress)
        /// Nobody answers at the address; trying again may help.
        public static let unreachable = Code(value: .unreachable)
        /// The server's certificate is not trusted, or there is none to trust.
        public static let untrusted = Code(value: .untrusted)
        /// The server answered with another status than 101; see ``WebSocketError/refusal``.
        public static let refused = Code(value: .refused)
        /// What answered does not speak the WebSocket protocol.
        public static let badHandshake = Code(value: .badHandshake)
        /// Something was written after one side had said goodbye.
        public static let closed = Code(value: .closed)
        /// The connection ended without a goodbye.
        public static let connectionLost = Code(value: .connectionLost)
        /// The peer did not answer a ping and was cut off.
        public static let peerSilent = Code(value: .peerSilent)
        /// The peer broke the rules of the protocol; it was told with 1002.
        public static let protocolViolation = Code(value: .protocolViolation)
        /// The peer sent text that is not UTF-8; it was told with 1007.
        public static let invalidText = Code(value: .invalidText)
        /// The peer sent a message over the limit; it was told with 1009.
        public static let messageTooLarge = Code(value: .messageTooLarge)

        /// The code's name.
        public var description: String { value.rawValue }
    }

    /// A server's answer other than 101.
    public struct Refusal: Sendable, Hashable {
        /// The status.
        public let status: HTTPResponse.Status
        /// The headers, such as `Retry-After`.
        public let headers: HTTPFields
        /// The beginning of the body, at most 1 KiB.
        public let body: String

        /// Creates the description of an answer.
        public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: String = "") {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    /// What kind of thing went wrong.
    public let code: Code
    /// One line that says what is wrong and what to do.
    public let message: String
    /// The error underneath, if there is one.
    public let cause: (any Error)?
    /// The server's answer; present exactly with ``Code/refused``.
    public let refusal: Refusal?

    /// Creates an error from its parts.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
        self.refusal = nil
    }

    /// Creates the error for a server that answered with another status than 101.
    public init(_ refusal: Refusal, address: String) {
        self.code = .refused
        self.message = "\(address) answered \(refusal.summary); \(refusal.advice)"
        self.cause = nil
        self.refusal = refusal
    }

    /// The ``message``.
    public var description: String { message }
}

extension WebSocketError.Refusal {
    /// The status and, if it is short, what the server has to say.
    fileprivate var summary: String {
        let phrase = status.reasonPhrase.isEmpty ? "\(status.code)" : "\(status.code) \(status.reasonPhrase)"
        let line = body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let isPlain = !line.isEmpty && line.count <= 120 && !line.contains("<")
        let printable = line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isPlain && printable ? "\(phrase) (\(line))" : phrase
    }

    fileprivate var advice: String {
        switch status.code {
        case 401, 403: "check the token"
        case 404: "check the path"
        case 429, 500...599: "try again later"
        default: "check the address"
        }
    }
}

extension WebSocketError {
    static let closed = WebSocketError(.closed, "the connection is closed; open a new one")

    static func connectionLost(_ cause: (any Error)? = nil) -> WebSocketError {
        cause as? WebSocketError
            ?? WebSocketError(.connectionLost, "the connection was lost; open a new one", cause: cause)
    }

    static let peerSilent = WebSocketError(
        .peerSilent, "the other side did not answer and was cut off; check the network and open a new connection")
}
