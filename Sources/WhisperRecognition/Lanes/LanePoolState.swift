import Recognition

/// The bookkeeping of a ``LanePool``: who waits, who is where, what has been done. It only decides; the pool acts.
///
/// If a lane is idle, nothing waits. A ticket is in the queue or on a lane until its caller has been answered; whoever
/// takes it out answers, so every caller is answered exactly once.
struct LanePoolState<Engine> {
    typealias Ticket = LaneTicket<Engine>

    enum Admission {
        case start(lane: Int)
        case wait
        case refuse(RecognitionError)
    }

    private struct LaneState {
        /// The ticket on the lane; `nil` when its caller has left.
        var ticket: Ticket?
        /// When the lane took its work; `nil` when it has none.
        var since: ContinuousClock.Instant?
        var busy = Duration.zero
    }

    private let queueLimit: Int
    private let created: ContinuousClock.Instant
    private var queue = LaneQueue<Ticket>()
    private var lanes: [LaneState]
    /// The counts; what can be computed is filled in by ``statistics(now:)``.
    private var counts = LaneStatistics()
    private var served = 0

    init(lanes: Int, queueLimit: Int, now: ContinuousClock.Instant) {
        self.queueLimit = queueLimit
        self.created = now
        self.lanes = Array(repeating: LaneState(), count: lanes)
    }

    /// Whether it is closed, nothing waits and no lane works.
    var isDrained: Bool { !counts.isOpen && queue.count == 0 && lanes.allSatisfy { $0.since == nil } }

    /// Finds a place for a new ticket.
    mutating func admit(_ ticket: Ticket, now: ContinuousClock.Instant) -> Admission {
        // The caller's task may have been cancelled before its ticket was to be found here.
        if ticket.cancellation.isCancelled {
            counts.cancelled += 1
            return .refuse(.cancelled)
        }
        guard counts.isOpen else {
            counts.refused += 1
            return .refuse(.shutDown)
        }
        if let idle = lanes.firstIndex(where: { $0.since == nil }) {
            put(ticket, on: idle, now: now)
            return .start(lane: idle)
        }
        guard queue.count < queueLimit else {
            counts.refused += 1
            return .refuse(RecognitionError(queued: queue.count, retryAfter: expectedWait))
        }
        queue.append(ticket, priority: ticket.priority)
        return .wait
    }

    /// Takes out the ticket with this flag, if its caller still waits.
    mutating func cancel(_ cancellation: CancellationFlag) -> Ticket? {
        let ticket = queue.take { $0.cancellation === cancellation } ?? takeRunning(cancellation)
        if ticket != nil { counts.cancelled += 1 }
        return ticket
    }

    /// The ticket on a lane; `nil` when its caller has left.
    func ticket(on lane: Int) -> Ticket? { lanes[lane].ticket }

    /// Ends a lane's work and gives it the next.
    ///
    /// - Returns: the outcome to deliver, `nil` when the caller has been answered, and whether the lane has more to do.
    mutating func finish(
        _ lane: Int, _ outcome: LaneOutcome?, now: ContinuousClock.Instant
    ) -> (outcome: LaneOutcome?, hasNext: Bool) {
        let answered = lanes[lane].ticket == nil ? nil : outcome
        if let answered {
            if answered.isSuccess { counts.completed += 1 } else { counts.failed += 1 }
        }
        clear(lane, now: now)
        let next = queue.popFirst()
        if let next { put(next, on: lane, now: now) }
        return (answered, next != nil)
    }

    /// Admits nobody from now on.
    mutating func close() {
        counts.isOpen = false
    }

    /// Takes out every ticket, also those on lanes, which work on until they see the flag.
    mutating func takeAll() -> [Ticket] {
        var tickets = queue.takeAll()
        for index in lanes.indices {
            if let ticket = lanes[index].ticket { tickets.append(ticket) }
            lanes[index].ticket = nil
        }
        counts.cancelled += tickets.count
        return tickets
    }

    func statistics(now: ContinuousClock.Instant) -> LaneStatistics {
        var statistics = counts
        statistics.uptime = created.duration(to: now)
        statistics.queued = queue.count
        statistics.queueLimit = queueLimit
        statistics.running = lanes.count { $0.since != nil }
        statistics.lanes = lanes.map { lane in
            let busy = lane.busy + (lane.since?.duration(to: now) ?? .zero)
            let share = statistics.uptime > .zero ? busy / statistics.uptime : 0
            return LaneStatistics.Lane(isBusy: lane.since != nil, busy: busy, busyShare: share)
        }
        return statistics
    }

    /// How long the lanes should take for what waits now: a second each until one has been measured.
    private var expectedWait: Duration {
        let busy = lanes.reduce(Duration.zero) { $0 + $1.busy }
        let each = served > 0 ? busy / served : .seconds(1)
        return each * max(queue.count, 1) / lanes.count
    }

    private mutating func put(_ ticket: Ticket, on lane: Int, now: ContinuousClock.Instant) {
        lanes[lane].ticket = ticket
        lanes[lane].since = now
        counts.started += 1
        counts.waited += ticket.submitted.duration(to: now)
    }

    private mutating func clear(_ lane: Int, now: ContinuousClock.Instant) {
        let time = lanes[lane].since?.duration(to: now) ?? .zero
        counts.ran += time
        served += 1
        lanes[lane] = LaneState(busy: lanes[lane].busy + time)
    }

    private mutating func takeRunning(_ cancellation: CancellationFlag) -> Ticket? {
        guard let lane = lanes.firstIndex(where: { $0.ticket?.cancellation === cancellation }) else { return nil }
        defer { lanes[lane].ticket = nil }
        return lanes[lane].ticket
    }
}
