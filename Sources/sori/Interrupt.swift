// Its sources may be used from any thread, but are not marked so.
@preconcurrency import Dispatch
import Foundation

/// Ctrl-C as an ordinary cancellation, so that what is finished can be written down first.
enum Interrupt {
    /// Exit status of a command that was interrupted: 128 + SIGINT.
    static let exitCode: Int32 = 130

    /// Ends the process at once on a signal, while there is nothing yet that could be written down.
    struct Early: Sendable {
        private let sources = signals { _ in _exit(exitCode) }

        /// Leaves signals to somebody else, who listens for them already.
        fileprivate func end() {
            sources.forEach { $0.cancel() }
        }
    }

    /// Takes the signals that ask the process to end, instead of ending it.
    fileprivate static func signals(_ handle: @escaping @Sendable (Int32) -> Void) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            // Not the main queue: it may be busy with what is to be interrupted.
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { handle(number) }
            source.activate()
            return source
        }
    }

    /// Calls `body` with 1, 2, … for each Ctrl-C, and each time the system asks the process to end, until it returns
    /// false or the task is cancelled. Meanwhile neither ends the process.
    ///
    /// - Parameter early: what has dealt with signals until now.
    static func eachSignal(replacing early: Early? = nil, _ body: (Int) -> Bool) async {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        let sources = Self.signals { continuation.yield($0) }
        defer { sources.forEach { $0.cancel() } }
        early?.end()
        var count = 0
        for await _ in signals {
            count += 1
            guard body(count) else { return }
        }
    }

    /// Runs `body`, and cancels it when the user presses Ctrl-C or the system asks the process to end.
    ///
    /// - Parameter early: what has dealt with signals until now.
    /// - Returns: what `body` returns, and whether it was interrupted.
    static func watching<Result: Sendable>(
        replacing early: Early? = nil, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, wasInterrupted: Bool) {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        let sources = Self.signals { continuation.yield($0) }
        defer { sources.forEach { $0.cancel() } }
        early?.end()
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
