/// Why a connection is closed (RFC 6455, section 7.4); applications may use 4000...4999 as they like.
public struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt16

    /// Creates a code from its number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// All is done.
    public static let normal = WebSocketCloseCode(rawValue: 1000)
    /// The server stops, or the page is left.
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    /// The peer broke the rules of the protocol.
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// The peer sent a kind of message that is not taken.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// The peer gave no code. It is never sent: closing with it sends an empty frame.
    public static let noStatus = WebSocketCloseCode(rawValue: 1005)
    /// The contents of a message are not what they claim to be, as text that is not UTF-8.
    public static let invalidData = WebSocketCloseCode(rawValue: 1007)
    /// The peer did something that is not allowed.
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    /// A message is over the limit.
    public static let messageTooLarge = WebSocketCloseCode(rawValue: 1009)
    /// A fault of the one that closes.
    public static let internalError = WebSocketCloseCode(rawValue: 1011)
    /// Overload; the peer may come back later.
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

    /// The number.
    public var description: String { "\(rawValue)" }

    /// Whether the code may be in a frame; the others only tell an application why there was none.
    package var isAllowedOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// What one side said when it closed a connection.
public struct WebSocketClose: Sendable, Hashable {
    /// Why.
    public let code: WebSocketCloseCode
    /// The same in words, often empty.
    public let reason: String

    /// Creates a goodbye. Of a reason, the first 123 bytes are sent.
    public init(_ code: WebSocketCloseCode, reason: String = "") {
        self.code = code
        self.reason = reason
    }
}
