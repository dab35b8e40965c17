internal import Streaming
internal import Synchronization

/// How busy a server is, on its clock.
package final class Admission: Sendable {
    private let estimate: Mutex<CapacityEstimate>
    private let hop: Double
    private let start = ContinuousClock.now

    /// - Parameters:
    ///   - hop: see ``SessionLimits/hop``.
    ///   - lanes: windows that are worked on at the same time.
    init(hop: Double, lanes: Int) {
        self.hop = hop
        estimate = Mutex(CapacityEstimate(lanes: lanes))
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Whether one more may come.
    package var hasRoom: Bool { hop == 0 || estimate.withLock { $0.hasRoom(within: hop, at: now) } }

    func open(_ id: String) { estimate.withLock { $0.open(id, at: now) } }

    func close(_ id: String) { estimate.withLock { $0.close(id) } }

    /// Takes in how many seconds were worked on a window of a session.
    func observe(_ seconds: Double, for work: RecognitionWork, of id: String) {
        estimate.withLock { estimate in
            if work.isFinal {
                estimate.observeUtterance(seconds)
            } else {
                estimate.observeWindow(seconds, of: id, at: now)
            }
        }
    }
}
