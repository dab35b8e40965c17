internal import Foundation

/// Why nothing more can be written to a stream of the process.
public enum OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Whoever read it has gone, as `head` does when it has seen enough. There is nobody left to work for.
    case readerHasGone
    /// It cannot be written, for a reason that the system gives.
    case failed(reason: String)

    /// One line that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .readerHasGone: "nobody reads standard output any longer"
        case .failed(let reason): "standard output cannot be written (\(reason)); is there room where it goes?"
        }
    }

    init(errno number: Int32) {
        self = number == EPIPE ? .readerHasGone : .failed(reason: String(cString: strerror(number)))
    }
}

/// Where results go: the one place that writes them, so that nothing that cannot be written is lost without a word.
///
/// Nothing is kept back: what a call has returned from is written.
public enum StandardOutput {
    /// To be called first of all: a reader that goes is then an error of ``write(_:)``, and does not end the process in the
    /// middle of something else that it writes.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Writes text.
    ///
    /// - Throws: ``OutputError`` when not all of it could be written.
    public static func write(_ text: String) throws(OutputError) {
        try write(Data(text.utf8), to: STDOUT_FILENO)
    }

    /// Writes a line.
    ///
    /// - Throws: ``OutputError`` when not all of it could be written.
    public static func print(_ line: String) throws(OutputError) {
        try write(line + "\n")
    }

    /// Whether somebody may still read what is written: `false` once the other end of a pipe is closed.
    public static var hasReader: Bool {
        var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        guard poll(&request, 1, 0) > 0 else { return true }
        return request.revents & Int16(POLLERR) == 0
    }

    static func write(_ bytes: Data, to descriptor: Int32) throws(OutputError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Somebody has made the stream one that does not wait, as shells do with terminals.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            } else if errno != EINTR {
                throw OutputError(errno: errno)
            }
        }
    }
}
