import Foundation
import Synchronization

/// Hands a stream to another program while it comes: what was read of it already, and then the rest.
final class StreamPump {
    /// The end from which the other program reads.
    let output: FileHandle
    private let input: FileHandle
    private let source: FileHandle
    private let first: [UInt8]
    private let isOver = Flag()

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    /// - Parameter first: what was read of the source.
    init(_ source: FileHandle, first: [UInt8]) throws {
        var ends: [Int32] = [-1, -1]
        // A socket, since writing to a pipe that nobody reads would end this process.
        #if os(Linux)
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw AudioError(.conversionFailed, "no sound can be handed to ffmpeg; close other programs and try again")
        }
        self.source = source
        self.first = first
        output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        input = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }

    deinit {
        isOver.value.store(true, ordering: .relaxed)
    }

    /// Begins to hand over, on a thread of its own, until either side ends. To be called once, when the program runs.
    func start() {
        try? output.close()
        let (source, input, first, isOver) = (source, input, first, isOver)
        Thread.detachNewThread {
            var bytes = first
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while !isOver.value.load(ordering: .relaxed) {
                guard bytes.isEmpty || Self.send(&bytes, to: input.fileDescriptor) else { break }
                guard bytes.isEmpty else { continue }
                var request = pollfd(fd: source.fileDescriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&request, 1, DescriptorReader.beat) > 0 else { continue }
                let count = read(source.fileDescriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else { break }
                bytes = Array(buffer[..<count])
            }
            try? input.close()
        }
    }

    /// Sends what there is room for, and waits a moment for room; `false` when nobody reads any longer.
    private static func send(_ bytes: inout [UInt8], to descriptor: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, DescriptorReader.beat) > 0 else { return true }
        #if os(Linux)
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        #else
            let flags = MSG_DONTWAIT
        #endif
        let count = Foundation.send(descriptor, bytes, bytes.count, flags)
        if count < 0 { return errno == EINTR || errno == EAGAIN }
        bytes.removeFirst(count)
        return true
    }
}
