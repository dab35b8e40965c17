/// The workers of a gateway, or what a server has itself, as `GET /v1/admin/workers` tells them.
public struct AdminWorkers: Sendable, Equatable, Codable {
    /// One worker.
    public struct Worker: Sendable, Equatable, Codable {
        /// A state, and since when.
        public struct Change: Sendable, Equatable, Codable {
            /// Seconds ago.
            public var ago: Double
            /// As ``Worker/state``.
            public var state: String

            /// Creates a change.
            public init(ago: Double, state: String) {
                self.ago = ago
                self.state = state
            }
        }

        /// `host:port`; `this server` for what it has itself.
        public var address: String
        /// `recognizer` or `detector`.
        public var role: String
        /// `ready`, `not_ready`, `resting` after a failure, `drained`, `refused` for another model, or `unreachable`.
        public var state: String
        /// Why it gets no requests; absent when it does.
        public var reason: String?
        /// What computes; absent without a connection.
        public var device: String?
        /// Name of the model; absent without a connection.
        public var model: String?
        /// Windows that it works on at the same time; absent without a connection.
        public var lanes: Int?
        /// Requests of this gateway that it has not answered.
        public var inFlight: Int
        /// Requests of all gateways that wait for a lane, as it said last.
        public var queue: Int
        /// Seconds until a request that is sent now would be worked on.
        public var expectedWait: Double
        /// Seconds of work for a window, on average of the last.
        public var averageWork: Double
        /// Requests that it has answered for this gateway.
        public var answered: Int
        /// Requests of this gateway that came to nothing.
        public var failed: Int
        /// States that it was in, the newest last; a hundred at most.
        public var history: [Change]

        /// Creates a worker.
        public init(
            address: String, role: String, state: String, reason: String?, device: String?, model: String?, lanes: Int?,
            inFlight: Int, queue: Int, expectedWait: Double, averageWork: Double, answered: Int, failed: Int,
            history: [Change]
        ) {
            self.address = address
            self.role = role
            self.state = state
            self.reason = reason
            self.device = device
            self.model = model
            self.lanes = lanes
            self.inFlight = inFlight
            self.queue = queue
            self.expectedWait = expectedWait
            self.averageWork = averageWork
            self.answered = answered
            self.failed = failed
            self.history = history
        }
    }

    /// Which recognisers windows go to: `auto`, `cpu` or `gpu`; absent where the server has a recogniser of its own.
    public var mode: String?
    /// Recognisers, then detectors, each by address.
    public var workers: [Worker]

    /// Creates a list.
    public init(mode: String?, workers: [Worker]) {
        self.mode = mode
        self.workers = workers
    }
}

/// What `PUT /v1/admin/mode` takes.
public struct AdminMode: Sendable, Equatable, Codable {
    /// `auto`, `cpu` or `gpu`.
    public var mode: String

    /// Creates a message.
    public init(mode: String) { self.mode = mode }
}

/// What `PUT /v1/admin/workers/{role}/{address}` takes.
public struct AdminDrain: Sendable, Equatable, Codable {
    /// Whether the worker gets no more requests.
    public var drained: Bool

    /// Creates a message.
    public init(drained: Bool) { self.drained = drained }
}
