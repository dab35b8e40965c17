/// How sound becomes captions in sessions that begin from now on, as `GET /v1/admin/captions` tells it.
public struct AdminCaptions: Sendable, Equatable, Codable {
    /// A number that can be changed.
    public struct Number: Sendable, Equatable, Codable {
        /// What it is called, such as `hop`.
        public var name: String
        /// What it is, and what it is measured in.
        public var help: String
        /// What it is now.
        public var value: Double
        /// What it was when the server began.
        public var standard: Double
        /// The least that it may be.
        public var least: Double
        /// The most that it may be.
        public var most: Double
        /// Whether it is a whole number.
        public var isWhole: Bool

        /// Creates a number.
        public init(
            name: String, help: String, value: Double, standard: Double, least: Double, most: Double, isWhole: Bool
        ) {
            self.name = name
            self.help = help
            self.value = value
            self.standard = standard
            self.least = least
            self.most = most
            self.isWhole = isWhole
        }
    }

    /// How windows become captions where a client does not say.
    public var policy: String
    /// The same when the server began.
    public var standardPolicy: String
    /// Whether a detector tells speech from other sound; otherwise all that is loud is taken for speech.
    public var detector: Bool
    /// The numbers, by what they concern.
    public var numbers: [Number]

    /// Creates a description.
    public init(policy: String, standardPolicy: String, detector: Bool, numbers: [Number]) {
        self.policy = policy
        self.standardPolicy = standardPolicy
        self.detector = detector
        self.numbers = numbers
    }
}

/// What `PUT /v1/admin/captions` takes. What is absent stays.
public struct AdminCaptionsChange: Sendable, Equatable, Codable {
    /// How windows become captions where a client does not say.
    public var policy: String?
    /// Whether a detector tells speech from other sound.
    public var detector: Bool?
    /// Numbers by name.
    public var numbers: [String: Double]?

    /// Creates a change.
    public init(policy: String? = nil, detector: Bool? = nil, numbers: [String: Double]? = nil) {
        self.policy = policy
        self.detector = detector
        self.numbers = numbers
    }
}

/// What an administrator has changed, as `GET /v1/admin/changes` lists it.
public struct AdminChange: Sendable, Equatable, Codable {
    /// When, in seconds since 1970.
    public var at: Double
    /// Names the token with which it was done: `admin.token`, or the id of another one.
    public var by: String
    /// What was done, such as `mode cpu`.
    public var what: String

    /// Creates a change.
    public init(at: Double, by: String, what: String) {
        self.at = at
        self.by = by
        self.what = what
    }
}
