package import Logging

/// What is written to the log, and how.
package struct LogSettings: Sendable {
    /// How a line looks.
    package enum Format: String, Sendable, CaseIterable {
        /// For people on a terminal, and JSON otherwise.
        case auto
        case text, json
    }

    package var level = Logger.Level.warning
    package var format = Format.auto

    package init() {}

    /// Reads the settings.
    package mutating func read(_ reader: inout SettingsReader) throws {
        try reader.choice("log.level", "the least severe events that are logged", &level)
        try reader.choice("log.format", "lines of the log: auto is text on a terminal, JSON otherwise", &format)
    }
}
