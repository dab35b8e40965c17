import ArgumentParser
import Measuring

/// Which recordings are played.
struct RecordingOptions: ParsableArguments {
    @Option(help: "A list of recordings: JSON lines with path, language and text; language none is no speech.")
    var manifest = "../shared/speech/manifest.jsonl"

    @Option(parsing: .upToNextOption, help: "Languages to measure.")
    var languages = ["en", "ko"]

    @Option(help: "The language that the session is told, instead of the recording's.")
    var spoken: String?

    @Option(help: "The most recordings of a language.")
    var limit = 20

    @Flag(help: "Play the long recordings instead of the short ones.")
    var streams = false

    @Option(help: "Play only so many seconds of each long recording, up to the end of a sentence.")
    var seconds: Double?

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number from 1 on") }
        if let seconds, !(seconds >= 1) { throw ValidationError("--seconds takes a number from 1 on") }
    }

    /// The recordings of all languages.
    func clips() throws -> [SpeechClip] {
        let list = try SpeechManifest(manifest)
        return try languages.flatMap { language in
            let clips = try list.clips(language: language, limit: limit, streams: streams)
                .filter { streams || language == "none" || !$0.split.contains("babble") }
            if clips.isEmpty { throw CommandError("\(manifest) has no recordings of '\(language)' to play") }
            return seconds.map { seconds in clips.compactMap { $0.parts(ofAtMost: seconds).first } } ?? clips
        }
    }

    /// What a session that hears a recording is told of its language.
    func language(of clip: SpeechClip) -> String {
        spoken ?? (clip.language == "none" ? "ko" : clip.language)
    }
}
