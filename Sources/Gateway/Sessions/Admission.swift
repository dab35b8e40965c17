internal import Locks
package import Recognition
internal import Streaming

/// How busy a server is, on its clock.
package final class Admission: Sendable {
    private let estimate: Guarded<CapacityEstimate>
    private let longestHop: Double
    private let start = ContinuousClock.now

    /// - Parameters:
    ///   - longestHop: see ``SessionLimits/longestHop``.
    ///   - lanes: windows that are worked on at the same time.
    init(longestHop: Double, lanes: Int) {
        self.longestHop = longestHop
        // Replaced by calibrate(_:) before the server is ready.
        estimate = Guarded(CapacityEstimate(lanes: lanes, costs: RecognitionCosts(window: 0.1, finalSecond: 0.06)))
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Whether the machine's load decides who may come, so that its work has to be measured.
    package var isLimited: Bool { longestHop > 0 }

    /// Whether one more may come; see ``CapacityEstimate/room(within:at:lost:)``.
    func room(lost: [String]) -> CapacityEstimate.Room {
        !isLimited ? .free : estimate.withLock { $0.room(within: longestHop, at: now, lost: lost) }
    }

    /// Starts with what was measured on this machine.
    package func calibrate(_ costs: RecognitionCosts) {
        estimate.withLock { $0.calibrate(costs) }
    }

    /// There are more lanes, or fewer, than before.
    package func set(lanes: Int) { estimate.withLock { $0.lanes = Double(lanes) } }

    func open(_ id: String) { estimate.withLock { $0.open(id, at: now) } }

    func close(_ id: String) { estimate.withLock { $0.close(id) } }

    func resume(_ id: String) { estimate.withLock { $0.resume(id, at: now) } }

    /// Takes in how many seconds were worked on a window of a session.
    func observe(_ seconds: Double, for work: RecognitionWork, of id: String) {
        estimate.withLock { estimate in
            switch work.purpose {
            case .live: estimate.observeWindow(seconds, of: id, at: now)
            case .final: estimate.observeFinal(seconds, sound: work.seconds)
            // More work for the sound of a final.
            case .translation: estimate.observeFinal(seconds, sound: 0)
            }
        }
    }
}
