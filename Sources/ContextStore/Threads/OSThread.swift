internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Threads of the operating system, for C calls that wait: on Swift's own threads, one for each core, they would keep
/// everybody else waiting, too.
enum OSThread {
    /// Starts a thread that runs `body` and goes away on its own.
    ///
    /// It never gets SIGPIPE, with which a connection that the other side has closed would otherwise end the process.
    ///
    /// - Parameter name: shown by debuggers and `top -H`; Linux has room for 15 bytes.
    /// - Throws: ``ContextStoreError/Code/threadUnavailable``.
    static func start(name: String, body: @escaping @Sendable () -> Void) throws(ContextStoreError) {
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let status = pthread_create(&thread, &attributes, { OSThread.main($0) }, start.toOpaque())
        guard status == 0 else {
            start.release()
            let reason = String(cString: strerror(status))
            throw ContextStoreError(
                .threadUnavailable, "the system refused a thread (\(reason)); raise its limits")
        }
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
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        start.body()
        return nil
    }
}
