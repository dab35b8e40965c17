/// What a trial came to.
package struct Report: Sendable {
    /// A recording that was played, what was said in it and what became of it.
    package struct Played: Sendable {
        package var clip: SpeechClip
        package var offline: OfflineReading
        package var trace: CaptionTrace
        package var score: CaptionScore

        package init(clip: SpeechClip, offline: OfflineReading, trace: CaptionTrace) {
            self.clip = clip
            self.offline = offline
            self.trace = trace
            score = CaptionScore(trace, of: clip, offline: offline)
        }

        var unit: TextErrors.Unit { TextErrors.Unit(language: clip.language) }
    }

    /// The recordings of a language, or of a kind of sound without speech.
    package struct Group: Sendable {
        /// Code of the language; without speech `none`, `song` or `babble`.
        package var name: String
        package var unit: TextErrors.Unit
        package var score = CaptionScore()

        /// The group that a recording belongs to. Sung and murmured words are words: they stand apart.
        static func name(of clip: SpeechClip) -> String {
            guard clip.language == "none" else { return clip.language }
            if clip.split.contains("vocal") { return "song" }
            return clip.split.contains("babble") ? "babble" : "none"
        }
    }

    /// All figures, as they are kept.
    package struct Summary: Sendable, Equatable, Codable {
        package var system: String
        package var model: String
        package var sessions: Int
        package var date: String
        package var machine: Trial.Machine
        package var command: String
        package var settings: [String: String]
        package var cost: Cost?
        package var groups: [Figures]
        package var recordings: [Figures]
    }

    /// What a second of sound took.
    package struct Cost: Sendable, Equatable, Codable {
        /// Seconds of processor time for a second of sound.
        package var cpuSecondsPerSecond: Double
        /// Bytes before the first session, and at most.
        package var residentBefore: Int
        package var residentPeak: Int
        /// Seconds of speech for a live window.
        package var hop: Double?
    }

    package let trial: Trial
    package let played: [Played]
    /// In the order in which the recordings came.
    package let groups: [Group]

    /// - Parameters:
    ///   - clips: the recordings of the trial, in its order.
    ///   - readings: of these.
    package init(_ trial: Trial, of clips: [SpeechClip], _ readings: [OfflineReading]) {
        self.trial = trial
        played = zip(trial.recordings, zip(clips, readings)).map { recording, known in
            Played(clip: known.0, offline: known.1, trace: recording.trace)
        }
        var groups: [Group] = []
        for one in played {
            let name = Group.name(of: one.clip)
            let index = groups.firstIndex { $0.name == name } ?? groups.count
            if index == groups.count { groups.append(Group(name: name, unit: one.unit)) }
            groups[index].score += one.score
        }
        self.groups = groups
    }

    /// Processor time, memory and the hop that was used; `nil` where the system's process is not known.
    package var cost: Cost? {
        guard let usage = trial.usage else { return nil }
        let seconds = played.map(\.clip.seconds).reduce(0, +)
        let spoken = played.flatMap(\.trace.finals).map { $0.end - $0.start }.reduce(0, +)
        return Cost(
            cpuSecondsPerSecond: (usage.cpuSeconds / max(seconds, 1e-3)).rounded(to: 4),
            residentBefore: usage.residentBefore, residentPeak: usage.residentPeak,
            hop: usage.liveWindows.map { (spoken / Double(max(1, $0))).rounded(to: 3) })
    }

    /// All figures.
    package var summary: Summary {
        Summary(
            system: trial.system, model: trial.model, sessions: trial.sessions, date: trial.date,
            machine: trial.machine, command: trial.command, settings: trial.settings, cost: cost,
            groups: groups.map { Figures($0.name, $0.unit, $0.score) },
            recordings: played.map { Figures($0.clip.path, $0.unit, $0.score) })
    }
}
