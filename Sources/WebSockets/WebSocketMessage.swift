public import NIOCore

/// One whole message: its fragments are joined, its text is valid UTF-8.
public enum WebSocketMessage: Sendable, Equatable {
    /// Text.
    case text(String)
    /// Bytes.
    case binary(ByteBuffer)

    /// The size of the message's contents in bytes.
    public var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.readableBytes
        }
    }
}
