internal import Foundation
internal import Subprocess
internal import SystemPackage

/// Runs another program and waits for it.
enum Command {
    /// How a program ended.
    struct Result {
        let status: Int32
        let errors: String
    }

    /// The most that is kept of a program's errors, in bytes.
    private static let mostErrors = 16 << 20

    /// Runs a program found on the search path. A cancelled task ends the program.
    ///
    /// - Parameter folder: Where the program puts its temporary files.
    static func run(_ program: String, _ arguments: [String], folder: URL) async throws -> Result {
        let result = try await Subprocess.run(
            // env, so that a program that is not there ends with status 127, as in a shell.
            .path("/usr/bin/env"), arguments: Arguments([program] + arguments),
            environment: .inherit.updating(["TMPDIR": folder.path]), output: .discarded,
            error: .string(limit: mostErrors))
        try Task.checkCancellation()
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Result(status: status, errors: result.standardError)
    }
}
