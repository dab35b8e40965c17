import Foundation
import Locks
import Recognition

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One thread of the operating system, joined when the value goes away.
///
/// Foundation's `Thread` neither says when the system refuses to make a thread nor lets one wait for its end.
struct OSThread: ~Copyable, Sendable {
    /// Never changes; the lock is for Darwin, where it is a pointer and thus not `Sendable`.
    private let handle: Guarded<pthread_t>

    /// Starts a thread that runs `body` and ends.
    ///
    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`; Linux has room for 15 bytes and the rest is cut off.
    ///   - stackSize: in bytes, a multiple of the page size.
    init(name: String, stackSize: Int, body: @escaping @Sendable () -> Void) throws(RecognitionError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        var status = pthread_attr_setstacksize(&attributes, stackSize)

        #if canImport(Darwin)
            var created: pthread_t?
        #else
            var created = pthread_t()
        #endif
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        if status == 0 {
            status = pthread_create(&created, &attributes, { OSThread.main($0) }, start.toOpaque())
        }
        let thread: pthread_t? = created
        guard status == 0, let thread else {
            start.release()
            let reason = String(cString: strerror(status))
            throw RecognitionError(
                .threadUnavailable, "the system refused a thread (\(reason)); raise its limits or use fewer lanes")
        }
        handle = Guarded(thread)
    }

    /// Waits for the thread's end, except on the thread itself, which ends on its own.
    deinit {
        let isCurrent = isCurrent
        _ = handle.withLock { isCurrent ? pthread_detach($0) : pthread_join($0, nil) }
    }

    /// Whether the caller runs on this thread.
    var isCurrent: Bool {
        handle.withLock { pthread_equal($0, pthread_self()) != 0 }
    }

    /// What a new thread needs to know, handed through C as one pointer.
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        Thread.current.name = start.name
        start.body()
        return nil
    }
}
