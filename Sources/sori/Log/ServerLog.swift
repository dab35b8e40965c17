import Foundation
import Gateway
import Logging

/// Writes each event to standard error as a line.
struct ServerLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let isJSON: Bool

    init(_ settings: LogSettings) {
        logLevel = settings.level
        isJSON =
            switch settings.format {
            case .text: false
            case .json: true
            case .auto: isatty(STDERR_FILENO) == 0
            }
    }

    /// Begins to log; to be called once.
    static func start(_ settings: LogSettings) {
        let log = ServerLog(settings)
        LoggingSystem.bootstrap { _ in log }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = LogLine(
            time: Date(), level: event.level, message: "\(event.message)",
            metadata: metadata.merging(event.metadata ?? [:]) { _, own in own })
        // One write a line, so that lines of several threads do not mix. Where nobody reads them, the server goes on.
        try? FileHandle.standardError.write(contentsOf: Data("\(isJSON ? line.json : line.text)\n".utf8))
    }
}
