import ArgumentParser
import Audio
import Foundation
import Terminal

/// Something the user can put right. Shown as one line.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Writes one line to standard error.
func complain(_ text: String) {
    // Where nobody listens any more, the work goes on.
    try? FileHandle.standardError.write(contentsOf: Data(FileName.shown("sori: \(text)\n").utf8))
}

/// Ends a command that has failed: the reason is told in one line.
///
/// - Returns: what to throw.
func failed(_ error: any Error) -> ExitCode {
    if let status = error as? ExitCode { return status }
    // As when the system ends a command whose reader has gone: 128 + SIGPIPE, without a word.
    if error as? OutputError == .readerHasGone { return ExitCode(128 + SIGPIPE) }
    complain("\(error)")
    return .failure
}
