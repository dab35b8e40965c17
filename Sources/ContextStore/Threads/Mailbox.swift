internal import Dispatch
internal import Locks

/// Work on its way to a thread, first in, first out.
final class Mailbox<Tool>: Sendable {
    /// What is done with the thread's tool.
    typealias Work = @Sendable (Tool) -> Void

    private let waiting = Guarded<[Work]>([])
    /// Counts what waits, plus one for the end.
    private let letters = DispatchSemaphore(value: 0)
    private let limit: Int

    /// - Parameter limit: how much may wait.
    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: `false` if there is no room.
    func post(_ work: @escaping Work) -> Bool {
        let fits = waiting.withLock { waiting in
            guard waiting.count < limit else { return false }
            waiting.append(work)
            return true
        }
        if fits { letters.signal() }
        return fits
    }

    /// Nothing may be posted afterwards.
    func close() { letters.signal() }

    /// The thread's whole life.
    ///
    /// - Parameters:
    ///   - idle: how long nothing may come.
    ///   - onIdle: done after that, again and again.
    func serve(_ tool: Tool, idle: Duration, onIdle: (Tool) -> Void) {
        while true {
            guard letters.wait(timeout: .now() + idle / .seconds(1)) == .success else {
                onIdle(tool)
                continue
            }
            guard let work = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
            work(tool)
        }
    }
}
