public import NIOCore

/// Sends messages to the other side. It may be used by several tasks at once; a message is never torn apart.
public struct WebSocketOutbound: Sendable {
    let link: WebSocketLink

    /// Sends a message, and waits until the socket has taken it: as long as the other side is slow to read.
    ///
    /// A cancelled task stops waiting; the message is sent all the same.
    ///
    /// - Throws: ``WebSocketError``, with ``WebSocketError/Code/closed`` after a goodbye, or why the connection ended;
    ///   `CancellationError`.
    public func write(_ message: WebSocketMessage) async throws {
        try await link.write(message)
    }

    /// Sends messages that belong together, like ``write(_:)``: nothing that others send comes between them.
    public func write(together messages: [WebSocketMessage]) async throws {
        try await link.write(messages)
    }

    /// Sends text, like ``write(_:)``.
    public func write(_ text: String) async throws {
        try await link.write(.text(text))
    }

    /// Sends bytes, like ``write(_:)``.
    public func write(_ bytes: ByteBuffer) async throws {
        try await link.write(.binary(bytes))
    }

    /// Says goodbye; the messages ahead of it are still sent. The inbound sequence ends when the other side has answered
    /// or is cut off because it does not. Further calls do nothing.
    ///
    /// A handler that just returns closes with ``WebSocketCloseCode/normal``, one that throws with
    /// ``WebSocketCloseCode/internalError``.
    ///
    /// - Parameters:
    ///   - code: why.
    ///   - reason: the same in words, of which 123 bytes are sent.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") {
        link.close(WebSocketClose(code, reason: reason))
    }
}
