package import Streaming

/// What a server can be told, by flag, environment or file.
package struct ServerSettings: Sendable {
    /// Where to listen, see ``ListeningAddress``.
    package var host = "localhost"
    package var port = 8080
    /// The recogniser's model, and the detector's.
    package var model = "base"
    package var detector = "tiny.en"
    package var device = "auto"
    /// Windows that are recognised at the same time; 0 for as many as there are cores.
    package var lanes = 0
    /// How sound becomes captions where a client does not say.
    package var captions = CaptionSettings()
    package var limits = SessionLimits()
    /// Connections at a time; further ones wait until one of these ends.
    package var connections = 2000
    /// WebSockets that an address may open in a minute; so many at once, and from then on evenly spread.
    package var handshakesPerMinute = 600
    /// The largest message taken, in bytes.
    package var frameBytes = 1 << 19
    /// The longest head of a request, in bytes.
    package var headerBytes = 1 << 14
    /// Seconds that a client has to answer a ping.
    package var pong = 10.0
    /// The proxies that stand before the server.
    package var proxies = Proxies()
    /// What TLS needs; without it there is none.
    package var tls = TLSSettings()
    /// The token that clients must have.
    package var token: String?
    /// The token that administrators must have; without one there is no administration.
    package var adminToken: String?
    /// Whether administrators may read along in sessions.
    package var adminText = false
    /// The file with the tokens of people, see `sori token`.
    package var tokens: String?
    /// Whose signed tokens are taken; see ``SignedTokenSettings``.
    package var jwt = SignedTokenSettings()
    /// Whether everybody may speak who reaches an address beyond this machine.
    package var isOpen = false
    /// Origins of pages that may speak, beside the server's own.
    package var origins: [String] = []
    /// Names under which the server is known, beside addresses and localhost.
    package var hosts: [String] = []
    /// Captions that the server shows in OBS.
    package var obs = OBSSettings()
    package var log = LogSettings()
    /// The folder with the pages.
    package var web: String?

    package init() {}
}

extension ServerSettings {
    /// Reads the settings.
    ///
    /// - Throws: ``SettingError`` for a value that cannot be read.
    package init(_ reader: inout SettingsReader) throws {
        self.init()
        try reader.text("host", "address to listen on; localhost is 127.0.0.1 and ::1", &host)
        try reader.number("port", "port to listen on; 0 takes any free one", &port, in: 0...65_535)
        var profile = Profile.standard
        try reader.choice("profile", "standard, or low for one core and half the work", &profile)
        profile.apply(to: &self)
        try reader.text("model", "model of the recogniser", &model)
        try reader.text("detector", "model of the detector", &detector)
        try reader.text("device", "where to compute: auto, cpu, gpu, or a device of `sori doctor`", &device)
        try reader.number("lanes", "windows recognised at the same time; 0: as many as cores", &lanes, in: 0...256)
        try reader.languages(&captions)
        try reader.choice("captions.policy", "how windows become captions", &captions.policy)
        for setting in CaptionSetting.all where setting.isForServers { try reader.number(setting, of: &captions) }
        try reader.number("sessions.max", "sessions at a time", &limits.sessions, in: 1...10_000)
        try reader.number(
            "sessions.per-token", "sessions at a time of a token of the file that says nothing else",
            &limits.sessionsPerToken, in: 1...10_000)
        try reader.number(
            "sessions.max-hop", "seconds between windows beyond which nobody new is let in; 0: no such limit",
            &limits.longestHop,
            in: 0...60)
        try reader.number(
            "sessions.resume", "seconds that a session waits for its client to come back", &limits.resume,
            in: 0...86_400)
        try reader.number(
            "sessions.idle", "seconds without a message, and without text to come, after which a client is let go",
            &limits.idle, in: 1...86_400)
        try reader.number(
            "sessions.gap", "seconds without sound after which what was said becomes final; 0: never", &limits.gap,
            in: 0...SessionLimits.longestGap)
        try reader.number(
            "sessions.unprocessed", "seconds of sound that may wait to be dealt with", &limits.unprocessed,
            in: 30...3600)
        try reader.number("limits.connections", "connections at a time, of any kind", &connections, in: 2...100_000)
        try reader.number(
            "limits.onlookers", "onlookers of a session at a time", &limits.onlookers, in: 0...10_000)
        try reader.number(
            "limits.handshakes", "WebSockets that an address may open in a minute", &handshakesPerMinute,
            in: 1...1_000_000)
        try reader.number("limits.message", "largest message in bytes", &frameBytes, in: 1024...(1 << 24))
        try reader.number("limits.headers", "longest head of a request in bytes", &headerBytes, in: 1024...(1 << 18))
        try reader.number(
            "limits.first-message", "seconds that a new connection has for its request, and a client for start",
            &limits.firstMessage, in: 1...600)
        try reader.number("limits.pong", "seconds that a client has to answer a ping", &pong, in: 1...600)
        try reader.text("token", "token that lets clients speak and watch, one for all", &token, isSecret: true)
        try reader.text(
            "admin.token", "token that lets administrators in; without one, and without 'tokens', /v1/admin is off",
            &adminToken,
            isSecret: true)
        try reader.flag("admin.text", "lets administrators read along in sessions", &adminText)
        try reader.text("tokens", "file with the tokens of people, see `sori token`", &tokens)
        try jwt.read(&reader)
        try reader.flag("open", "listens beyond this machine without a token: everybody may speak", &isOpen)
        try reader.list("origins", "origins of pages that may speak, beside the server's own; * for all", &origins)
        try reader.list(
            "hosts", "names of this server, such as captions.example.org, beside addresses and localhost", &hosts)
        try reader.proxies(&proxies)
        try tls.read(&reader)
        try obs.read(&reader)
        try log.read(&reader)
        try reader.text("web", "folder with the pages", &web)
        guard captions.windows.slidingOverlap < captions.windows.slidingWindow else {
            throw SettingError("'captions.sliding.overlap' must be less than 'captions.sliding.window'")
        }
    }
}
