import Dispatch
import Foundation

/// Ctrl-C as an ordinary cancellation, so that what is finished can be written down first.
enum Interrupt {
    /// Exit status of a command that was interrupted: 128 + SIGINT.
    static let exitCode: Int32 = 130

    /// Runs `body`, and cancels it when the user presses Ctrl-C or the system asks the process to end.
    ///
    /// - Returns: what `body` returns, and whether it was interrupted.
    static func watching<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, wasInterrupted: Bool) {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
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
