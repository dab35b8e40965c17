package import OBS

/// Captions that the server shows in OBS by itself.
package struct OBSSettings: Sendable {
    /// What is shown, which administrators change while the server runs.
    package struct Link: Sendable, Equatable {
        package var isOn = false
        /// Whose captions: the name of sessions.
        package var name = ""
        /// The text source; empty for none.
        package var source = ""
        /// Whether captions go with the stream.
        package var sendsCaptions = false
        package var shown = CaptionBoard.Shown.original

        /// Why it cannot be on: one line that says what to do; `nil` where it can.
        var fault: String? {
            if !name.isEmpty, SessionName(name) == nil {
                return "'name' must be 1 to 40 letters, digits, - and _: the name that the speaker's sessions have"
            }
            if source.utf8.count > 500 { return "'source' must be the name of a text source in OBS" }
            guard isOn else { return nil }
            if name.isEmpty { return "'name' is needed: the name that the speaker's sessions have" }
            if source.isEmpty, !sendsCaptions {
                return "'source' is needed, the name of a text source in OBS, or 'stream'"
            }
            return nil
        }
    }

    /// Of obs-websocket. Not for administrators to change: they would reach what the server reaches.
    package var address = "ws://localhost:4455"
    package var password: String?
    package var link = Link()
    package var board = CaptionBoard.Settings()

    package init() {}

    /// Reads the settings.
    ///
    /// - Throws: ``SettingError`` for a value that cannot be read, and for a link that cannot be on.
    package mutating func read(_ reader: inout SettingsReader) throws {
        try reader.text("obs.address", "obs-websocket of the OBS that shows captions", &address)
        try reader.text("obs.password", "its password", &password, isSecret: true)
        try reader.flag("obs.on", "shows captions in OBS from the start; the panel switches it too", &link.isOn)
        try reader.text("obs.name", "whose captions OBS shows: the name of sessions", &link.name)
        try reader.text("obs.source", "text source in OBS that shows them", &link.source)
        try reader.flag("obs.stream", "sends them with the stream (Latin letters only)", &link.sendsCaptions)
        try reader.choice("obs.show", "original, translation or both", &link.shown)
        try reader.number("obs.lines", "lines that the source shows", &board.lines, in: 1...12)
        try reader.number(
            "obs.columns", "columns of a line; letters of Korean and Japanese take two", &board.columns, in: 10...200)
        try reader.number(
            "obs.clear", "seconds without a new word after which the source is emptied; 0: never", &board.clear,
            in: 0...3600)
        if let fault = link.fault { throw SettingError("obs: \(fault)") }
    }
}
