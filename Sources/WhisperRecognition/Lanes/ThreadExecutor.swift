import Dispatch
internal import Locks
package import Recognition

/// Runs an actor on a thread of its own, first in, first out.
///
/// An actor without one runs on Swift's cooperative pool, which has one thread per core: a C call that computes for
/// half a second there keeps everybody else waiting. It may also land on another thread each time, while AMX tiles
/// and ggml's thread-locals belong to the thread that made them.
///
/// An idle executor sleeps without using any processor time. Everything handed to it is run before it goes away,
/// since what waits keeps the executor alive; then its thread ends and is joined.
package final class ThreadExecutor: SerialExecutor {
    private let mailbox: Mailbox
    private let thread: OSThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`; Linux cuts it off after 15 bytes.
    ///   - stackSize: in bytes, a multiple of the page size. 8 MiB is what a main thread usually has.
    /// - Throws: ``RecognitionError/Code/threadUnavailable`` if the system has no thread left.
    package init(name: String, stackSize: Int = 8 << 20) throws(RecognitionError) {
        let mailbox = Mailbox()
        self.mailbox = mailbox
        // The thread must not hold the executor, or neither would ever go away.
        self.thread = try OSThread(name: name, stackSize: stackSize) { mailbox.serve() }
    }

    deinit {
        mailbox.close()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        run { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    /// Runs `work` on the thread after everything handed over before, and returns at once.
    package func run(_ work: @escaping @Sendable () -> Void) {
        mailbox.post { [self] in withExtendedLifetime(self, work) }
    }

    /// Whether the caller runs on this executor's thread.
    package var isCurrent: Bool { thread.isCurrent }

    /// Lets `assumeIsolated` and its kind recognise the thread outside a task, too.
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }
}

/// Work on its way to the thread.
private final class Mailbox: Sendable {
    private let waiting = Guarded<[@Sendable () -> Void]>([])
    /// Counts what waits, plus one for the end.
    private let letters = DispatchSemaphore(value: 0)

    func post(_ work: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.append(work) }
        letters.signal()
    }

    /// Nothing may be posted afterwards.
    func close() {
        letters.signal()
    }

    /// The thread's whole life.
    func serve() {
        while let work = next() { work() }
    }

    private func next() -> (@Sendable () -> Void)? {
        letters.wait()
        return waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
