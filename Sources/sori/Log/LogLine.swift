import Foundation
import Logging

/// One event of the log as one line: for people, or for programs.
struct LogLine {
    var time: Date
    var level: Logger.Level
    var message: String
    var metadata: Logger.Metadata

    /// `12:30:01.250 warning  worker not used  reason=it is another model worker=10.0.0.7:8090`
    var text: String {
        let level = level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        let values = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let milliseconds = Int(time.timeIntervalSince1970 * 1000) % 1000
        return Self.printable(
            "\(Self.clock.string(from: time)).\(String(format: "%03d", milliseconds)) \(level) \(message)")
            + (values.isEmpty ? "" : Self.printable(" \(values)"))
    }

    /// One object: `time` (ISO 8601, UTC), `level`, `message`, and what else there is, as texts.
    var json: String {
        var fields = metadata.mapValues { "\($0)" }
        fields["time"] = time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        fields["level"] = level.rawValue
        fields["message"] = message
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts can always be written.
        return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// One line, whatever is in it: somebody else's words could look like another event.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private static let clock: DateFormatter = {
        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.dateFormat = "HH:mm:ss"
        return clock
    }()
}
