import Audio
import Foundation

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
