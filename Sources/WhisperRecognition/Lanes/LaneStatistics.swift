/// What a pool of lanes has done since it was made, and does now. Counts and times only grow.
public struct LaneStatistics: Sendable {
    /// One lane's share.
    public struct Lane: Sendable {
        /// Whether it works at the moment.
        public internal(set) var isBusy = false
        /// Time spent working, up to now.
        public internal(set) var busy = Duration.zero
        /// ``busy`` as a part of the pool's age, 0 to 1.
        public internal(set) var busyShare = 0.0
    }

    /// Whether new requests are taken: not shut down.
    public internal(set) var isOpen = true
    /// The pool's age.
    public internal(set) var uptime = Duration.zero
    /// Requests that wait for a lane.
    public internal(set) var queued = 0
    /// How many may wait; more are refused.
    public internal(set) var queueLimit = 0
    /// Requests on a lane.
    public internal(set) var running = 0
    /// Requests that got a result.
    public internal(set) var completed = 0
    /// Requests whose engine failed or could not be made.
    public internal(set) var failed = 0
    /// Requests whose caller was cancelled, or that a shutdown cut off.
    public internal(set) var cancelled = 0
    /// Requests refused at the door: queue full or shut down.
    public internal(set) var refused = 0
    /// Requests that reached a lane.
    public internal(set) var started = 0
    /// Time between asking and reaching a lane, summed over the requests that reached one.
    public internal(set) var waited = Duration.zero
    /// Time on a lane, summed over requests.
    public internal(set) var ran = Duration.zero
    /// The lanes, in their order.
    public internal(set) var lanes: [Lane] = []
}
