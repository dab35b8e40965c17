/// Limits and times of a connection, on either side.
public struct WebSocketConfiguration: Sendable, Hashable {
    /// The largest frame taken, in bytes of its contents; longer messages are sent in frames of this size.
    ///
    /// Most clients send each message as one frame, so this is as high as ``maxMessageSize`` unless set otherwise.
    public var maxFrameSize: Int
    /// The largest message taken once its fragments are joined, in bytes. What one connection keeps of messages that its
    /// handler has not read is bounded by this plus ``maxBuffered``.
    public var maxMessageSize: Int
    /// How many bytes of messages may wait for the handler before no more is read from the socket.
    ///
    /// Up to there pings are answered and a goodbye is seen also while the handler is busy.
    public var maxBuffered: Int
    /// The time between two pings, or nil for none; never less than ``replyTimeout``.
    ///
    /// A peer from which nothing comes after a ping, not even its answer, is cut off, at the latest this long plus
    /// ``replyTimeout`` after its last sign of life. The clock stands still while the handler does not read.
    public var pingInterval: Duration?
    /// The time that the peer has to answer a ping, and to answer a goodbye before it is cut off.
    public var replyTimeout: Duration
    /// How long a handler may go on when the service shuts down gracefully.
    ///
    /// The handler is told by `gracefulShutdown()` or `withGracefulShutdownHandler` of ServiceLifecycle; reading and
    /// writing go on. When it returns, the connection is closed with ``WebSocketCloseCode/goingAway``. When this time is
    /// over, it is closed under the handler's hands, and the handler is cancelled ``replyTimeout`` later.
    public var drainTimeout: Duration
    /// How long a client tries to connect, with TLS and the WebSocket handshake.
    public var connectTimeout: Duration
    /// Whom a client trusts that connects to a `wss` address.
    public var trustedRoots: TrustedRoots

    /// Creates a configuration; what is not given has the value that suits most services. Sizes are at least 125 bytes.
    ///
    /// - Parameters:
    ///   - maxFrameSize: 1 MiB, or as much as `maxMessageSize`.
    ///   - maxMessageSize: 1 MiB.
    ///   - maxBuffered: 256 KiB.
    ///   - pingInterval: 20 s; most proxies cut connections that are silent for 60 s.
    ///   - replyTimeout: 10 s.
    ///   - drainTimeout: 10 s; a service needs this plus `replyTimeout` to stop.
    ///   - connectTimeout: 10 s.
    ///   - trustedRoots: the system's.
    public init(
        maxFrameSize: Int? = nil, maxMessageSize: Int = 1 << 20, maxBuffered: Int = 1 << 18,
        pingInterval: Duration? = .seconds(20), replyTimeout: Duration = .seconds(10),
        drainTimeout: Duration = .seconds(10), connectTimeout: Duration = .seconds(10),
        trustedRoots: TrustedRoots = .system
    ) {
        self.maxFrameSize = max(maxFrameSize ?? maxMessageSize, 125)
        self.maxMessageSize = max(maxMessageSize, 125)
        self.maxBuffered = maxBuffered
        self.pingInterval = pingInterval
        self.replyTimeout = replyTimeout
        self.drainTimeout = drainTimeout
        self.connectTimeout = connectTimeout
        self.trustedRoots = trustedRoots
    }
}

/// The certificates that a client trusts to vouch for a server.
public enum TrustedRoots: Sendable, Hashable {
    /// Those of the operating system.
    case system
    /// Only those in this file, in PEM form: an authority of one's own, or a server's self-signed certificate.
    case file(String)
    /// Only these, in PEM form.
    case pem(String)
}
