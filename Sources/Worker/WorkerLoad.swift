/// How busy a worker's lanes are.
package struct WorkerLoad: Sendable, Equatable {
    /// Windows that are worked on at the same time; 1 or more.
    package var lanes: Int
    /// Lanes that work.
    package var busy: Int
    /// Requests that wait for a lane.
    package var queued: Int
    /// How many may wait; more are refused.
    package var queueLimit: Int
    /// Seconds of work that a request took on average so far; 0 before the first.
    package var averageWork: Double

    package init(lanes: Int, busy: Int = 0, queued: Int = 0, queueLimit: Int = 64, averageWork: Double = 0) {
        self.lanes = lanes
        self.busy = busy
        self.queued = queued
        self.queueLimit = queueLimit
        self.averageWork = averageWork
    }

    /// Whether one more request would be refused.
    package var isFull: Bool { queued >= queueLimit }

    /// Seconds until a request that comes now would reach a lane.
    package var expectedWait: Double {
        busy < lanes ? 0 : averageWork * (Double(queued) + 0.5) / Double(max(1, lanes))
    }
}
