import Locks
import NIOCore

/// Hands messages from the task that reads the socket to the handler, and makes it wait when too many lie here.
package final class Mailbox: Sendable {
    private typealias Reader = CheckedContinuation<WebSocketMessage?, any Error>

    private struct State {
        var messages = CircularBuffer<WebSocketMessage>()
        var bytes = 0
        var end: Result<Void, WebSocketError>?
        var readers: [(number: Int, continuation: Reader)] = []
        var lastReader = 0
        var writer: CheckedContinuation<Void, Never>?
    }

    /// Counted for each message in addition to its contents, so that many empty ones are bounded too.
    private static let overhead = 64

    private let capacity: Int
    private let state = Guarded(State())

    /// Creates a mailbox.
    ///
    /// - Parameter capacity: how many bytes may lie here before ``deliver(_:)`` waits.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// Leaves a message, then waits while the mailbox is over its capacity, unless the task is cancelled.
    package func deliver(_ message: WebSocketMessage) async {
        let reader: Reader? = state.withLock { state in
            guard state.end == nil else { return nil }
            if !state.readers.isEmpty { return state.readers.removeFirst().continuation }
            state.messages.append(message)
            state.bytes += message.size + Self.overhead
            return nil
        }
        if let reader {
            reader.resume(returning: message)
        } else {
            await waitForRoom()
        }
    }

    /// The next message, or nil after the last.
    ///
    /// - Throws: the error with which the mailbox was finished, when all messages have been read; `CancellationError` if
    ///   the task is cancelled, without losing a message.
    package func next() async throws -> WebSocketMessage? {
        let number = state.withLock { state in
            state.lastReader += 1
            return state.lastReader
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { reader in take(for: reader, number: number) }
        } onCancel: {
            let reader = state.withLock { state in
                let index = state.readers.firstIndex { $0.number == number }
                return index.map { state.readers.remove(at: $0).continuation }
            }
            reader?.resume(throwing: CancellationError())
        }
    }

    /// No more messages come; those that lie here can still be read. Only the first call counts.
    package func finish(throwing error: WebSocketError? = nil) {
        let end: Result<Void, WebSocketError> = error.map { .failure($0) } ?? .success(())
        let (readers, writer) = state.withLock { state in
            guard state.end == nil else { return ([Reader](), nil as CheckedContinuation<Void, Never>?) }
            state.end = end
            defer {
                state.readers = []
                state.writer = nil
            }
            return (state.readers.map(\.continuation), state.writer)
        }
        for reader in readers { reader.resume(with: end.map { nil }.mapError { $0 }) }
        writer?.resume()
    }

    /// Nobody reads any more: throws away what lies here and what is still delivered.
    package func discard() {
        finish()
        state.withLock { state in
            state.messages.removeAll()
            state.bytes = 0
        }
    }

    private func take(for reader: Reader, number: Int) {
        let (outcome, writer) = state.withLock { state in
            var outcome: Result<WebSocketMessage?, any Error>?
            var writer: CheckedContinuation<Void, Never>?
            if Task.isCancelled {
                outcome = .failure(CancellationError())
            } else if let message = state.messages.popFirst() {
                outcome = .success(message)
                state.bytes -= message.size + Self.overhead
                if state.bytes <= capacity { swap(&writer, &state.writer) }
            } else if let end = state.end {
                outcome = end.map { nil }.mapError { $0 }
            } else {
                state.readers.append((number, reader))
            }
            return (outcome, writer)
        }
        writer?.resume()
        if let outcome { reader.resume(with: outcome) }
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { writer in
                let isFull = state.withLock { state in
                    let isFull = state.bytes > capacity && state.end == nil && !Task.isCancelled
                    if isFull { state.writer = writer }
                    return isFull
                }
                if !isFull { writer.resume() }
            }
        } onCancel: {
            let writer = state.withLock { state in
                defer { state.writer = nil }
                return state.writer
            }
            writer?.resume()
        }
    }
}
