import Synchronization

/// Tells running work that nobody wants its result any more.
///
/// Work on a lane is synchronous and belongs to no task, so it cannot ask `Task.isCancelled`. It looks here instead,
/// often enough to stop soon: a decoder between tokens. Looking costs one relaxed load.
package final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    /// Creates a flag that is not raised.
    package init() {}

    /// Whether the flag has been raised; it never goes down again.
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Raises the flag.
    package func cancel() { flag.store(true, ordering: .relaxed) }
}
