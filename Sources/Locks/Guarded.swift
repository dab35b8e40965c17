import Synchronization

/// A `Mutex` whose order the thread sanitizer can see.
///
/// On Linux `Mutex` locks inside the standard library, which the sanitizer does not observe, so it reports a race for
/// everything that a mutex protects. An acquiring load after locking and a releasing store before unlocking tell it, at
/// the price of a few cycles, what the lock guarantees anyway.
package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>
    private let handover = Atomic(false)

    /// Puts `value` behind a lock.
    package init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    /// Runs `body` with the value, which nobody else can reach meanwhile.
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock { (value) throws(Failure) in
            _ = handover.load(ordering: .acquiring)
            defer { handover.store(true, ordering: .releasing) }
            return try body(&value)
        }
    }
}
