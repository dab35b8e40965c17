import Foundation

/// Runs another program and waits for it without blocking a thread.
enum Command {
    /// How a program ended.
    struct Result {
        let status: Int32
        let errors: String
    }

    /// Runs a program found on the search path. A cancelled task ends the program.
    ///
    /// - Parameter folder: Where the program puts its temporary files, and its errors are gathered.
    static func run(_ program: String, _ arguments: [String], folder: URL) async throws -> Result {
        let errors = folder.appending(path: "errors.txt")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": folder.path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            try Data().write(to: errors)
            process.standardError = try FileHandle(forWritingTo: errors)
        } catch {
            throw Disk.failure(error, at: errors)
        }
        let status = try await ended(process)
        try Task.checkCancellation()
        return Result(status: status, errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }

    private static func ended(_ process: Process) async throws -> Int32 {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try process.run()
                } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            if process.isRunning { process.terminate() }
        }
    }
}
