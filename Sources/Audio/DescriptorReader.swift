import Foundation

/// Reads a descriptor on which bytes may come late or never: a task that is cancelled does not wait for them.
///
/// A task's cancellation is seen within ``beat``.
final class DescriptorReader {
    private let handle: FileHandle
    private let name: String
    private var buffer: [UInt8]
    private var start = 0

    /// Milliseconds between two looks at the task.
    static let beat: Int32 = 50

    /// - Parameters:
    ///   - name: stands for the source in messages.
    ///   - first: what was read before.
    init(_ handle: FileHandle, name: String, first: [UInt8] = []) {
        self.handle = handle
        self.name = name
        buffer = first
    }

    /// The next bytes, as soon as there are some: at least one, at most `limit`; none at the end.
    ///
    /// - Throws: `CancellationError`; ``AudioError`` with code `notReadable`.
    func some(_ limit: Int) throws -> [UInt8] {
        if start < buffer.count {
            let end = min(start + limit, buffer.count)
            defer { advance(to: end) }
            return Array(buffer[start..<end])
        }
        while true {
            try waitForBytes()
            var count = 0
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { target, filled in
                count = read(handle.fileDescriptor, target.baseAddress, limit)
                code = errno
                filled = max(count, 0)
            }
            if count >= 0 { return bytes }
            guard code == EINTR || code == EAGAIN else { throw failure(code) }
        }
    }

    /// So many bytes, or fewer at the end.
    func exactly(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(count, 1 << 20))
        while bytes.count < count {
            let more = try some(min(count - bytes.count, 1 << 20))
            guard !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }

    /// Everything up to the end.
    func all() throws -> Data {
        var data = Data()
        while true {
            let more = try some(1 << 16)
            guard !more.isEmpty else { return data }
            data += more
        }
    }

    private func advance(to end: Int) {
        start = end
        guard end == buffer.count else { return }
        (buffer, start) = ([], 0)
    }

    private func waitForBytes() throws {
        while true {
            try Task.checkCancellation()
            var request = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
            let count = poll(&request, 1, Self.beat)
            if count > 0 { return }
            guard count == 0 || errno == EINTR || errno == EAGAIN else { throw failure(errno) }
        }
    }

    private func failure(_ code: Int32) -> AudioError {
        let reason = String(cString: strerror(code))
        return AudioError(.notReadable, "\(name) cannot be read to its end (\(reason)); try again")
    }
}
