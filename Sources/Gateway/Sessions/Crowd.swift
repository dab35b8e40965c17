internal import Synchronization

/// How busy those who speak keep the machine, and whether it has room for one more.
///
/// A window that takes long to come back puts off the next one (``Streaming/LoadControl``), so the distance of windows that
/// all sessions together need tells how late captions are. It grows with their number.
package struct Crowd: Sendable {
    private struct Member: Sendable {
        let since: Double
        /// Seconds from asking for a live window to its text, and when that was seen last.
        var turnaround: (seconds: Double, at: Double)?
    }

    /// So many are always let in: to be slow is better than to be of no use.
    package static let few = 2
    /// So many are let in together before anything is known of the load.
    package static let strangers = 4
    /// Seconds after which somebody who has said nothing does not count.
    private static let memory = 10.0
    /// A window's way there and back may take this part of the time to the next.
    private static let share = 0.6

    private var members: [String: Member] = [:]

    package init() {}

    package mutating func open(_ id: String, at now: Double) {
        members[id] = Member(since: now)
    }

    package mutating func close(_ id: String) {
        members[id] = nil
    }

    /// Takes in how long a live window took.
    package mutating func observe(_ seconds: Double, of id: String, at now: Double) {
        guard let member = members[id] else { return }
        let before = member.turnaround?.seconds ?? seconds
        members[id]?.turnaround = (before + 0.3 * (seconds - before), now)
    }

    /// Whether one more may come: windows are then not further apart than `hop` seconds.
    package func hasRoom(within hop: Double, at now: Double) -> Bool {
        if members.count < Self.few { return true }
        let speaking = members.values.compactMap(\.turnaround).filter { now - $0.at < Self.memory }
        // Those who have just come may all be about to speak.
        let newcomers = members.values.count { $0.turnaround == nil && now - $0.since < Self.memory }
        if speaking.isEmpty { return newcomers < Self.strangers }
        let needed = speaking.map(\.seconds).reduce(0, +) / Double(speaking.count) / Self.share
        return needed * Double(speaking.count + newcomers + 1) / Double(speaking.count) <= hop
    }
}

/// The crowd of a server, on its clock.
package final class Admission: Sendable {
    private let crowd = Mutex(Crowd())
    private let hop: Double
    private let start = ContinuousClock.now

    /// - Parameter hop: see ``SessionLimits/hop``.
    init(hop: Double) {
        self.hop = hop
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Whether one more may come.
    package var hasRoom: Bool { hop == 0 || crowd.withLock { $0.hasRoom(within: hop, at: now) } }

    func open(_ id: String) { crowd.withLock { $0.open(id, at: now) } }

    func close(_ id: String) { crowd.withLock { $0.close(id) } }

    func observe(_ seconds: Double, of id: String) { crowd.withLock { $0.observe(seconds, of: id, at: now) } }
}
