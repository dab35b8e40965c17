internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Wakes a thread that waits for a connection.
final class WakePipe: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    /// What has happened.
    enum Event {
        /// Somebody has called ``WakePipe/wake()``.
        case woken
        /// Something has come, and perhaps somebody has called, too.
        case readable
        /// Nothing of that.
        case timedOut
    }

    /// - Throws: ``ContextStoreError/Code/threadUnavailable`` when the process has no descriptors left.
    init() throws(ContextStoreError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            let reason = String(cString: strerror(errno))
            throw ContextStoreError(
                .threadUnavailable, "the system refused a pipe (\(reason)); raise its limit of open files")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        _ = Foundation.close(readEnd)
        _ = Foundation.close(writeEnd)
    }

    /// Ends the wait, or the next if there is none now.
    func wake() {
        var byte: UInt8 = 0
        // A full pipe wakes as well.
        _ = write(writeEnd, &byte, 1)
    }

    /// Waits until the descriptor can be read, somebody wakes, or the time is over.
    ///
    /// - Parameters:
    ///   - descriptor: `nil` for none.
    ///   - end: `nil` for never.
    func wait(for descriptor: Int32?, until end: ContinuousClock.Instant?) -> Event {
        var polled = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        if let descriptor { polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        // A moment more than less: not to wake before the end.
        let milliseconds = end.map { max(0, (($0 - .now) / .milliseconds(1)).rounded(.up)) }
        let count = poll(&polled, nfds_t(polled.count), milliseconds.map { Int32(min($0, 1e9)) } ?? -1)
        guard count > 0 else { return count == 0 ? .timedOut : .woken }
        if polled[0].revents != 0 {
            var drain = [UInt8](repeating: 0, count: 256)
            while read(readEnd, &drain, drain.count) > 0 {}
        }
        return polled.dropFirst().contains { $0.revents != 0 } ? .readable : .woken
    }
}
