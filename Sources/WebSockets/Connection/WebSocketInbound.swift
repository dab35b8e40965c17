/// The messages that come from the other side.
///
/// The sequence ends when one side has said goodbye, and throws a ``WebSocketError`` when the connection ends without
/// that. It may be read by several loops, one after the other; each message comes once. A cancelled reader gets a
/// `CancellationError` and loses no message.
public struct WebSocketInbound: AsyncSequence, Sendable {
    /// One whole message.
    public typealias Element = WebSocketMessage

    let mailbox: Mailbox
    let link: WebSocketLink

    /// The subprotocol that both sides agreed on.
    public let subprotocol: String?

    /// What the other side said when it closed the connection, as soon as the sequence has ended; nil before, and if it
    /// went without a word. After this side said goodbye, it is the answer.
    public var close: WebSocketClose? { link.withState { $0.peerClose } }

    /// Starts reading, or goes on.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(mailbox: mailbox)
    }

    /// Reads message after message.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let mailbox: Mailbox

        /// The next message, or nil after a goodbye.
        public mutating func next() async throws -> WebSocketMessage? {
            try await mailbox.next()
        }
    }
}
