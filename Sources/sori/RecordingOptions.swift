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

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number from 1 on") }
    }

    /// The recordings of a language.
    func clips(of language: String) throws -> [SpeechManifest.Clip] {
        try SpeechManifest.read(manifest, language: language, limit: limit, streams: streams)
            .filter { streams || language == "none" || !$0.split.contains("babble") }
    }

    /// What a session that hears a recording is told of its language.
    func language(of clip: SpeechManifest.Clip) -> String {
        spoken ?? (clip.language == "none" ? "ko" : clip.language)
    }
}
