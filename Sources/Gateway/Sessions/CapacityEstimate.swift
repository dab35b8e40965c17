package import Recognition

/// How busy those who speak keep the machine, and whether it has room for one more.
///
/// What a live window costs, and what a second of a final, was measured when the server was started, and is measured with
/// every window since. So it is known how often windows can come when one more speaks, before anybody has.
package struct CapacityEstimate: Sendable {
    /// Whether one more may come.
    package enum Room: Sendable, Equatable {
        case free
        /// When these sessions, which have lost their clients, give way.
        case instead(of: [String])
        case none
    }

    /// So many are always let in: to be slow is better than to be of no use.
    package static let alwaysAdmitted = 2
    /// A silent session counts as this part of a speaking one, because some of the silent ones begin to speak.
    package static let silentShare = 0.25
    /// Seconds without a live window after which a session counts as silent. A new session counts as speaking until then.
    package static let memory = 10.0
    /// The part of a lane's time that may be used: requests come when they like, and the detector works too. With more, the
    /// slowest twentieth of all words wait for a queue (`sori bench capacity`).
    private static let share = 0.7
    /// What was measured at the start counts like so many windows, and like so many seconds of finals.
    private static let startCounts = (windows: 40.0, seconds: 20.0)

    /// Windows that are worked on at the same time.
    package var lanes: Double
    /// When each session came, or spoke last.
    private var active: [String: Double] = [:]
    /// Live windows, and seconds of work for them. What was long ago counts less.
    private var windows: (count: Double, work: Double)
    /// Seconds of sound of finals, and of work for them.
    private var finals: (sound: Double, work: Double)

    /// - Parameters:
    ///   - lanes: windows that are worked on at the same time.
    ///   - costs: what was measured on this machine.
    package init(lanes: Int, costs: RecognitionCosts) {
        self.lanes = Double(lanes)
        (windows, finals) = ((1, 1), (1, 1))
        calibrate(costs)
    }

    /// Starts anew with what was measured; who is there stays.
    package mutating func calibrate(_ costs: RecognitionCosts) {
        windows = (Self.startCounts.windows, Self.startCounts.windows * costs.window)
        finals = (Self.startCounts.seconds, Self.startCounts.seconds * costs.finalSecond)
    }

    /// What work costs, as far as is known now.
    package var costs: RecognitionCosts {
        RecognitionCosts(window: windows.work / windows.count, finalSecond: finals.work / finals.sound)
    }

    /// Somebody has come.
    package mutating func open(_ id: String, at now: Double) { active[id] = now }

    /// Somebody has gone.
    package mutating func close(_ id: String) { active[id] = nil }

    /// The client of a session is back, and may be about to speak.
    package mutating func resume(_ id: String, at now: Double) {
        if active[id] != nil { active[id] = now }
    }

    /// Takes in how long a live window was worked on.
    package mutating func observeWindow(_ work: Double, of id: String, at now: Double) {
        if active[id] != nil { active[id] = now }
        if windows.count > 6 * Self.startCounts.windows { windows = (windows.count / 2, windows.work / 2) }
        // A single slow window, which something else has held up, must not close the door.
        windows = (windows.count + 1, windows.work + min(work, 4 * costs.window))
    }

    /// Takes in how long a final of so many seconds of sound was worked on.
    package mutating func observeFinal(_ work: Double, sound: Double) {
        if finals.sound > 6 * Self.startCounts.seconds { finals = (finals.sound / 2, finals.work / 2) }
        finals = (finals.sound + sound, finals.work + work)
    }

    /// Whether one more may come: windows are then not further apart than `hop` seconds when all of them speak who may be
    /// about to.
    ///
    /// - Parameter lost: sessions whose clients are not connected, those that have waited longest first.
    package func room(within hop: Double, at now: Double, lost: [String] = []) -> Room {
        if active.count - lost.count < Self.alwaysAdmitted { return .free }
        let fit = Self.share * lanes / (costs.window / hop + costs.finalSecond)
        let speakers = active.reduce(1) { sum, member in
            let isActive = now - member.value < Self.memory && !lost.contains(member.key)
            return sum + (isActive ? 1 : Self.silentShare)
        }
        // Connected clients have precedence over sessions whose clients may come back.
        for count in 0...lost.count where speakers - Double(count) * Self.silentShare <= fit {
            return count == 0 ? .free : .instead(of: Array(lost.prefix(count)))
        }
        return .none
    }
}
