/// Recordings that were played to a system for live captions, and what came back: all that a ``Report`` needs but the
/// recordings themselves. Other systems' clients write the same, as one JSON object.
package struct Trial: Sendable, Equatable, Codable {
    /// A machine.
    package struct Machine: Sendable, Equatable, Codable {
        package var processor: String
        package var cores: Int
        package var system: String

        package init(processor: String, cores: Int, system: String) {
            self.processor = processor
            self.cores = cores
            self.system = system
        }
    }

    /// What a system used while it was listening.
    package struct Usage: Sendable, Equatable, Codable {
        /// Seconds of all its threads.
        package var cpuSeconds: Double
        /// Bytes in memory before the first session, and at most.
        package var residentBefore: Int
        package var residentPeak: Int
        package var wallSeconds: Double
        /// Live windows that it recognised, where it tells.
        package var liveWindows: Int?

        package init(
            cpuSeconds: Double, residentBefore: Int, residentPeak: Int, wallSeconds: Double, liveWindows: Int? = nil
        ) {
            self.cpuSeconds = cpuSeconds
            self.residentBefore = residentBefore
            self.residentPeak = residentPeak
            self.wallSeconds = wallSeconds
            self.liveWindows = liveWindows
        }
    }

    /// One recording, or a part of one, played to one session.
    package struct Recording: Sendable, Equatable {
        /// As the manifest has it.
        package var path: String
        package var language: String
        /// Where the sound that was played begins in the recording, and how long it is, in seconds.
        package var from: Double
        package var seconds: Double
        package var trace: CaptionTrace

        package init(path: String, language: String, from: Double = 0, seconds: Double, trace: CaptionTrace) {
            self.path = path
            self.language = language
            self.from = from
            self.seconds = seconds
            self.trace = trace
        }
    }

    /// Name and version of the system.
    package var system: String
    package var model: String
    /// Recordings played at once.
    package var sessions: Int
    /// When, as ISO 8601.
    package var date: String
    package var machine: Machine
    package var command: String
    /// What else is worth knowing: policy, versions of libraries.
    package var settings: [String: String]
    package var usage: Usage?
    package var recordings: [Recording]

    package init(
        system: String, model: String, sessions: Int, date: String, machine: Machine, command: String,
        settings: [String: String] = [:], usage: Usage? = nil, recordings: [Recording] = []
    ) {
        self.system = system
        self.model = model
        self.sessions = sessions
        self.date = date
        self.machine = machine
        self.command = command
        self.settings = settings
        self.usage = usage
        self.recordings = recordings
    }
}

extension Trial.Recording: Codable {
    private enum Key: String, CodingKey {
        case path, language, from, seconds, partials, finals
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        path = try values.decode(String.self, forKey: .path)
        language = try values.decode(String.self, forKey: .language)
        from = try values.decodeIfPresent(Double.self, forKey: .from) ?? 0
        seconds = try values.decode(Double.self, forKey: .seconds)
        trace = CaptionTrace()
        trace.partials = try values.decode([CaptionTrace.Partial].self, forKey: .partials)
        trace.finals = try values.decode([CaptionTrace.Final].self, forKey: .finals)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(path, forKey: .path)
        try values.encode(language, forKey: .language)
        try values.encode(from, forKey: .from)
        try values.encode(seconds, forKey: .seconds)
        try values.encode(trace.partials, forKey: .partials)
        try values.encode(trace.finals, forKey: .finals)
    }
}
