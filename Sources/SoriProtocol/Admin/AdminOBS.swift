/// The captions that a server shows in OBS, as `GET /v1/admin/obs` tells them.
public struct AdminOBS: Sendable, Equatable, Codable {
    /// How it stands.
    public enum Phase: String, Sendable, Equatable, Codable {
        /// Nobody wants it.
        case off
        /// OBS is not there, and is tried again.
        case waiting
        /// OBS shows captions.
        case connected
        /// OBS cannot be reached until somebody has mended something.
        case failed
    }

    /// Of obs-websocket; a setting of the server.
    public var address: String
    /// Whether captions are shown.
    public var isOn: Bool
    /// Whose captions: the name of sessions; empty for nobody's.
    public var name: String
    /// The text source that shows them; empty for none.
    public var source: String
    /// Whether they go with the stream, for viewers to switch on.
    public var stream: Bool
    /// `original`, `translation` or `both`.
    public var show: String
    /// How it stands.
    public var phase: Phase
    /// What is wrong and what to do, in one line; absent where nothing is.
    public var message: String?

    /// Creates a description.
    public init(
        address: String, isOn: Bool, name: String, source: String, stream: Bool, show: String, phase: Phase,
        message: String? = nil
    ) {
        self.address = address
        self.isOn = isOn
        self.name = name
        self.source = source
        self.stream = stream
        self.show = show
        self.phase = phase
        self.message = message
    }
}

/// What `PUT /v1/admin/obs` takes. What is absent stays.
public struct AdminOBSChange: Sendable, Equatable, Codable {
    /// Whether captions are shown.
    public var isOn: Bool?
    /// Whose captions: the name of sessions.
    public var name: String?
    /// The text source that shows them; empty for none.
    public var source: String?
    /// Whether they go with the stream.
    public var stream: Bool?
    /// `original`, `translation` or `both`.
    public var show: String?

    /// Creates a change.
    public init(
        isOn: Bool? = nil, name: String? = nil, source: String? = nil, stream: Bool? = nil, show: String? = nil
    ) {
        self.isOn = isOn
        self.name = name
        self.source = source
        self.stream = stream
        self.show = show
    }
}
