/// The sessions of a server, as `GET /v1/admin/sessions` tells them.
public struct AdminSessions: Sendable, Equatable, Codable {
    /// One session. What was said is not part of it.
    public struct Session: Sendable, Equatable, Codable {
        /// Its id.
        public var id: String
        /// The name under which it is followed; absent where it has none.
        public var name: String?
        /// Names the token that it was opened with; absent where that is nobody's own.
        public var holder: String?
        /// Whether its client is connected.
        public var isConnected: Bool
        /// Code of the language that is spoken; absent while it is not known.
        public var language: String?
        /// How windows become captions.
        public var policy: String
        /// Seconds of sound that came.
        public var received: Double
        /// Seconds of sound that the client need not keep.
        public var acknowledged: Double
        /// Whether captions are late because the machine is busy.
        public var isLate: Bool
        /// Onlookers of this server.
        public var onlookers: Int
        /// How loud the newest sound is, in decibels below full scale (root mean square); absent for digital silence.
        public var level: Double?

        /// Creates a session.
        public init(
            id: String, name: String? = nil, holder: String? = nil, isConnected: Bool, language: String?,
            policy: String, received: Double, acknowledged: Double, isLate: Bool, onlookers: Int, level: Double? = nil
        ) {
            self.id = id
            self.name = name
            self.holder = holder
            self.isConnected = isConnected
            self.language = language
            self.policy = policy
            self.received = received
            self.acknowledged = acknowledged
            self.isLate = isLate
            self.onlookers = onlookers
            self.level = level
        }
    }

    /// A session that is kept for all gateways.
    public struct Stored: Sendable, Equatable, Codable {
        /// Its name.
        public var id: String
        /// The gateway that has it.
        public var owner: String
        /// Bytes of its record.
        public var size: Int
        /// Seconds until it is forgotten unless something happens in it.
        public var timeLeft: Double

        /// Creates a stored session.
        public init(id: String, owner: String, size: Int, timeLeft: Double) {
            self.id = id
            self.owner = owner
            self.size = size
            self.timeLeft = timeLeft
        }
    }

    /// Those of this server, by name.
    public var sessions: [Session]
    /// Those that are kept in the store, of all gateways; absent without a store, or where it does not answer.
    public var stored: [Stored]?

    /// Creates a list.
    public init(sessions: [Session], stored: [Stored]? = nil) {
        self.sessions = sessions
        self.stored = stored
    }
}

/// A setting in force, as `GET /v1/admin/settings` lists them.
public struct AdminSetting: Sendable, Equatable, Codable {
    /// Its key, such as `captions.silence`.
    public var key: String
    /// Its value; that of a secret is not shown.
    public var value: String
    /// Where it comes from: `flag`, `environment`, a file, or `default`.
    public var source: String
    /// What it means.
    public var help: String

    /// Creates a setting.
    public init(key: String, value: String, source: String, help: String) {
        self.key = key
        self.value = value
        self.source = source
        self.help = help
    }
}
