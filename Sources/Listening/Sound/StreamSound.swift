import Foundation
package import SoriProtocol

/// Samples without a header from a descriptor, such as standard input.
///
/// It asks before it reads, so that a task which is cancelled is not kept by a pipe on which nothing comes.
package struct StreamSound: SoundSource {
    package let format: AudioFormat
    package let isLive = false
    package let mayPause = true

    private let descriptor: Int32
    private let name: String

    /// How often a quiet descriptor is asked whether there is something.
    private static let beat = Duration.milliseconds(10)

    /// Creates a source; the descriptor stays its owner's.
    package init(descriptor: Int32 = STDIN_FILENO, format: AudioFormat, name: String = "standard input") {
        self.descriptor = descriptor
        self.format = format
        self.name = name
    }

    package func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        // Of a sample that comes in two parts, the first waits here.
        var rest: [UInt8] = []
        while true {
            try Task.checkCancellation()
            guard try isReadable() else {
                try await Task.sleep(for: Self.beat)
                continue
            }
            guard let bytes = try read() else { return }
            rest += bytes
            let whole = rest.count / format.bytesPerFrame * format.bytesPerFrame
            guard whole > 0 else { continue }
            let block = SoundBlock(bytes: Array(rest[..<whole]))
            rest.removeFirst(whole)
            try await take(block)
        }
    }

    private func isReadable() throws -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = poll(&request, 1, 0)
        guard count >= 0 || errno == EINTR else { throw error() }
        return count > 0
    }

    /// What is there, at most half a second; `nil` at the end.
    private func read() throws -> [UInt8]? {
        let size = max(format.bytesPerSecond / 2, 1)
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            repeat { count = Foundation.read(descriptor, buffer.baseAddress, size) } while count < 0 && errno == EINTR
            filled = max(count, 0)
        }
        guard count >= 0 || errno == EAGAIN else { throw error() }
        return count == 0 ? nil : bytes
    }

    private func error() -> SoundError {
        let reason = String(cString: strerror(errno))
        return SoundError("\(name) cannot be read (\(reason)); check the command in front of the pipe")
    }
}
