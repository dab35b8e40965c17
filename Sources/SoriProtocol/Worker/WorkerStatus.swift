/// What a worker says at `/is_ready`, as JSON, with status 200 when it is ready and 503 when not.
public struct WorkerStatus: Sendable, Equatable, Codable {
    /// Whether it takes requests: a known sound was decoded, the last decodes worked, and the queue is below its bound.
    public var ready: Bool
    /// Why not; absent when it is ready.
    public var reason: String?
    /// `recognizer` or `detector`.
    public var role: String
    /// Name of the model.
    public var model: String
    /// SHA-256 of the model's weights, as 64 hexadecimal digits.
    public var digest: String
    /// What computes: `cpu`, or the name of another device.
    public var device: String
    /// Windows that are worked on at the same time.
    public var lanes: Int
    /// Lanes that work now.
    public var busy: Int
    /// Requests that wait for a lane.
    public var queue: Int
    /// How many may wait; more are refused.
    public var queueLimit: Int
    /// Seconds until a request that comes now would reach a lane.
    public var expectedWait: Double

    /// Creates a status.
    public init(
        ready: Bool, reason: String? = nil, role: String, model: String, digest: String, device: String, lanes: Int,
        busy: Int = 0, queue: Int = 0, queueLimit: Int = 0, expectedWait: Double = 0
    ) {
        self.ready = ready
        self.reason = reason
        self.role = role
        self.model = model
        self.digest = digest
        self.device = device
        self.lanes = lanes
        self.busy = busy
        self.queue = queue
        self.queueLimit = queueLimit
        self.expectedWait = expectedWait
    }
}
