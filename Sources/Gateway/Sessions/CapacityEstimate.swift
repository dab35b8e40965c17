/// How busy those who speak keep the machine, and whether it has room for one more.
///
/// What a lane does for a session is known: a live window takes so long, and whole utterances take so much of every second
/// that somebody speaks. So it is known too how often windows can come when one more speaks as much.
package struct CapacityEstimate: Sendable {
    private struct Member: Sendable {
        let since: Double
        /// When a live window of it was seen last.
        var spoke: Double?
    }

    /// So many are always let in: to be slow is better than to be of no use.
    package static let alwaysAdmitted = 2
    /// So many are let in together before enough is known of the work: a first window is short, and tells too little.
    package static let admittedUnmeasured = 4
    /// Seconds of speech after which enough is known.
    private static let enough = 20.0
    /// Seconds after which somebody who has said nothing does not count.
    private static let memory = 10.0
    /// Longest time between two windows, in seconds, that counts as speaking.
    private static let pause = 2.0
    /// The part of a lane's time that may be used: requests come when they like, and the detector works too. With more, the
    /// slowest twentieth of all words wait for a queue (`sori bench capacity`).
    private static let share = 0.7

    private let lanes: Double
    private var members: [String: Member] = [:]
    /// Seconds of speech, and meanwhile live windows, seconds of work for them, and for whole utterances. What was long ago
    /// counts less.
    private var speech = (spoken: 0.0, windows: 0.0, live: 0.0, whole: 0.0)

    /// - Parameter lanes: windows that are worked on at the same time.
    package init(lanes: Int) {
        self.lanes = Double(lanes)
    }

    package mutating func open(_ id: String, at now: Double) {
        members[id] = Member(since: now)
    }

    package mutating func close(_ id: String) {
        members[id] = nil
    }

    /// Takes in how long a live window was worked on.
    package mutating func observeWindow(_ seconds: Double, of id: String, at now: Double) {
        speech.windows += 1
        speech.live += seconds
        guard let member = members[id] else { return }
        if let spoke = member.spoke { speech.spoken += min(now - spoke, Self.pause) }
        members[id]?.spoke = now
        if speech.spoken > 6 * Self.enough {
            speech = (speech.spoken / 2, speech.windows / 2, speech.live / 2, speech.whole / 2)
        }
    }

    /// Takes in how long a whole utterance was worked on.
    package mutating func observeUtterance(_ seconds: Double) {
        speech.whole += seconds
    }

    /// Whether one more may come: windows are then not further apart than `hop` seconds.
    package func hasRoom(within hop: Double, at now: Double) -> Bool {
        if members.count < Self.alwaysAdmitted { return true }
        // Those who have just come may all be about to speak.
        let busy = members.values.count { now - ($0.spoke ?? $0.since) < Self.memory }
        guard speech.spoken >= Self.enough else { return busy < Self.admittedUnmeasured }
        let free = Self.share * lanes / Double(busy + 1) - speech.whole / speech.spoken
        return speech.live / speech.windows <= free * hop
    }
}
