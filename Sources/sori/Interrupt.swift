// Its sources may be used from any thread, but are not marked so.
@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Ctrl-C as an ordinary cancellation, so that what is finished can be written down first.
enum Interrupt {
    /// Exit status of a command that was interrupted: 128 + SIGINT.
    static let exitCode: Int32 = 130

    private typealias Handler = @Sendable () -> Void

    private struct State {
        var handler: Handler = {}
        var sources: [any DispatchSourceSignal] = []
    }

    private static let state = Mutex(State())

    /// Ends the process at once on a signal, while there is nothing yet that could be written down: until
    /// ``watching(_:)`` or ``eachSignal(_:)`` takes over.
    ///
    /// - Parameter last: what is done before that, quickly.
    static func endsAtOnce(last: @escaping @Sendable () -> Void = {}) {
        handle {
            last()
            _exit(exitCode)
        }
    }

    /// Takes the signals that ask the process to end, instead of ending it. There is one source for each, since a second
    /// one for the same signal would be silenced by the end of the first.
    private static func handle(_ handler: @escaping Handler) {
        state.withLock { state in
            state.handler = handler
            guard state.sources.isEmpty else { return }
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                // Not the main queue: it may be busy with what is to be interrupted.
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { Self.state.withLock { $0.handler }() }
                source.activate()
                state.sources.append(source)
            }
        }
    }

    /// Calls `body` with 1, 2, … for each Ctrl-C, and each time the system asks the process to end, until it returns
    /// false or the task is cancelled. Meanwhile neither ends the process.
    static func eachSignal(_ body: (Int) -> Bool) async {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        handle { continuation.yield() }
        defer { handle {} }
        var count = 0
        for await _ in signals {
            count += 1
            guard body(count) else { return }
        }
    }

    /// Runs `body`, and cancels it when the user presses Ctrl-C or the system asks the process to end.
    ///
    /// - Returns: what `body` returns, and whether it was interrupted.
    static func watching<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, wasInterrupted: Bool) {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        handle { continuation.yield() }
        defer { handle {} }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signals { return nil }
                return nil
            }
            var wasInterrupted = false
            while let outcome = try await group.next() {
                if let result = outcome {
                    group.cancelAll()
                    return (result, wasInterrupted)
                }
                wasInterrupted = true
                group.cancelAll()
            }
            throw CancellationError()
        }
    }
}
