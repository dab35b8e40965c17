/// Lets windows come less often when the machine is busy, before anything else suffers.
///
/// A session may keep a lane busy for a part of the time only: when a window takes long to come back, because of its length
/// or because others wait too, the next one is put off. Sound is never dropped.
package struct LoadControl: Sendable, Equatable {
    /// Longest distance of two windows, in seconds.
    package static let longestHop = 1.5
    /// A window's way there and back may take this part of the hop.
    private static let share = 0.6

    private let hop: Double
    private var turnaround = 0.0

    /// - Parameter hop: seconds between windows on an idle machine; a hundredth at least.
    package init(hop: Double) {
        self.hop = max(hop, 0.01)
    }

    /// Takes in the seconds from asking for a window to its text.
    package mutating func observe(_ seconds: Double) {
        // Rises at once and falls slowly, because queues build up in bursts.
        turnaround = seconds > turnaround ? seconds : turnaround + 0.2 * (seconds - turnaround)
    }

    /// How many times its usual distance the next window has.
    package var factor: Double {
        min(max(turnaround / (hop * Self.share), 1), max(Self.longestHop / hop, 1))
    }
}
