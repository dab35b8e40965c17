internal import CMalloc
internal import ServiceLifecycle

/// Keeps a server from growing with the hours. Windows are of many lengths, so their buffers leave holes in the heap that
/// the next ones do not fit into, and glibc keeps the pages of those holes. Measured in docs/benchmarks.md, "Two hours".
///
/// Does nothing where the C library is not glibc.
struct ServerMemory: Service {
    /// Bytes from which a buffer has pages of its own, which go back to the system when it is freed.
    private static let largeBuffer: Int32 = 256 << 10
    /// Heaps that threads share.
    private static let heaps: Int32 = 2
    /// Between two times that free pages are given back.
    private static let pause = Duration.seconds(30)

    /// To be called before anything large is allocated.
    static func staysLevel() {
        #if canImport(Glibc)
            _ = mallopt(M_MMAP_THRESHOLD, largeBuffer)
            _ = mallopt(M_ARENA_MAX, heaps)
        #endif
    }

    /// Gives back the pages in which nothing is stored, until the server stops.
    func run() async {
        #if canImport(Glibc)
            await cancelWhenGracefulShutdown {
                while (try? await Task.sleep(for: Self.pause)) != nil { _ = malloc_trim(0) }
            }
        #endif
    }
}
