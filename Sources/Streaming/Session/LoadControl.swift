package import Recognition

/// Lets windows come less often when the machine is busy, before anything else suffers.
///
/// Two things tell that it is busy. A live window that takes long to come back, because of its length or because others wait
/// too: a session may keep a lane busy for a part of the time only. And finals that wait for a lane: live windows go before
/// them, so with too many live windows finals would come later and later. Sound is never dropped.
package struct LoadControl: Sendable, Equatable {
    /// Longest distance of two windows, in seconds.
    package static let longestHop = 1.5
    /// A window's way there and back may take this part of the hop.
    private static let share = 0.6
    /// Seconds that finals may wait for a lane while windows come as often as they are wanted.
    private static let finalPatience = 0.2
    /// How much a single final counts: some wait long for a reason of their own, such as a worker that was lost.
    private static let finalWeight = 0.5
    /// What is left, after each live window, of what is known of finals: they come seldom.
    private static let memory = 0.93

    private let hop: Double
    private var turnaround = 0.0
    private var finalWait = 0.0

    /// - Parameter hop: seconds between windows on an idle machine; a hundredth at least.
    package init(hop: Double) {
        self.hop = max(hop, 0.01)
    }

    /// Takes in how long an answer took, in seconds.
    ///
    /// - Parameters:
    ///   - work: what a lane was busy for.
    ///   - turnaround: from asking for it to having it.
    package mutating func observe(_ priority: RecognitionPriority, work: Double, turnaround: Double) {
        switch priority {
        case .live: observeWindow(turnaround)
        case .final, .guess: observeFinal(waited: turnaround - work)
        case .background: break
        }
    }

    /// Takes in the seconds from asking for a live window to its text.
    package mutating func observeWindow(_ seconds: Double) {
        // Rises at once and falls slowly, because queues build up in bursts.
        turnaround = seconds > turnaround ? seconds : turnaround + 0.2 * (seconds - turnaround)
        finalWait *= Self.memory
    }

    /// Takes in how long a final waited for a lane, in seconds.
    package mutating func observeFinal(waited seconds: Double) {
        // From there on windows are as far apart as they may be.
        let most = Self.finalPatience * Self.longestHop / hop
        finalWait += Self.finalWeight * (min(max(seconds, 0), most) - finalWait)
    }

    /// How many times its usual distance the next window has.
    package var factor: Double {
        let wanted = max(turnaround / (hop * Self.share), finalWait / Self.finalPatience)
        return min(max(wanted, 1), max(Self.longestHop / hop, 1))
    }
}
