/// What a gateway is told of its workers, by flag, environment or file.
package struct FleetSettings: Sendable {
    /// Addresses of recognisers, and of detectors, or one name each.
    package var recognizers: [String] = []
    package var detectors: [String] = []
    /// Which recognisers windows go to: auto, cpu or gpu.
    package var mode = "auto"
    /// The token that workers want.
    package var token: String?
    /// A file with the certificates that vouch for workers whose addresses begin with `wss`; `nil` for the system's.
    package var trust: String?

    /// The Redis that keeps sessions; `nil` keeps them in this process alone.
    package var redis: String?

    /// Reads the settings.
    ///
    /// - Throws: ``SettingError`` for a value that cannot be read.
    package init(_ reader: inout SettingsReader) throws {
        try reader.list("workers.recognizers", "addresses of recognisers, or one name of the DNS", &recognizers)
        try reader.list("workers.detectors", "addresses of detectors, or one name of the DNS", &detectors)
        try reader.text("workers.mode", "which recognisers windows go to: auto, cpu or gpu", &mode)
        try reader.text("workers.token", "token that workers want", &token, isSecret: true)
        try reader.text(
            "workers.trust",
            "file with certificates in PEM form that vouch for workers at wss://; absent: the system's",
            &trust)
        try reader.text("redis", "address of the Redis that keeps sessions for all gateways", &redis, isSecret: true)
    }

    /// - Throws: ``SettingError`` where a gateway could serve nobody.
    package func check() throws {
        guard !recognizers.isEmpty else {
            throw SettingError("a gateway needs a recogniser: give --recognizer HOST:PORT, see `sori worker --help`")
        }
        guard !detectors.isEmpty else {
            throw SettingError("a gateway needs a detector: give --detector HOST:PORT, see `sori worker --help`")
        }
    }
}
