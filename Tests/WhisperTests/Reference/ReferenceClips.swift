import Audio
import Testing
import Whisper
import WhisperText

/// One clip and everything that the reference decoded from one encoding of it.
struct ReferenceClip: Sendable {
    let audio: String
    let language: String
    private(set) var greedy: [TextFact] = []
    private(set) var beams: TextFact?
    private(set) var translation: TextFact?
    private(set) var languages: LanguageFact?

    /// The files that clips come from.
    static var isReady: Bool {
        ReferenceFacts.has("greedy", "beam", "translate", "language") && InstalledModels.has("base")
    }

    /// All clips, in the order of the reference's files.
    static func all() throws -> [ReferenceClip] {
        var clips: [ReferenceClip] = []
        var places: [String: Int] = [:]
        func update(_ audio: String, _ language: String, _ body: (inout ReferenceClip) -> Void) {
            let place = places[audio] ?? clips.count
            if place == clips.count {
                clips.append(ReferenceClip(audio: audio, language: language))
                places[audio] = place
            }
            body(&clips[place])
        }
        for fact in try ReferenceFacts.entries("greedy", as: TextFact.self) {
            update(fact.audio, fact.language) { $0.greedy.append(fact) }
        }
        for fact in try ReferenceFacts.entries("beam", as: TextFact.self) {
            update(fact.audio, fact.language) { $0.beams = fact }
        }
        for fact in try ReferenceFacts.entries("translate", as: TextFact.self) {
            update(fact.audio, fact.language) { $0.translation = fact }
        }
        for fact in try ReferenceFacts.entries("language", as: LanguageFact.self) {
            update(fact.audio, fact.language) { $0.languages = fact }
        }
        return clips
    }

    private init(audio: String, language: String) {
        self.audio = audio
        self.language = language
    }
}

/// A clip as Sori decodes it.
struct DecodedClip: Sendable {
    let clip: ReferenceClip
    private(set) var greedy: [(fact: TextFact, window: DecodedWindow)] = []
    private(set) var beams: (fact: TextFact, window: DecodedWindow)?
    private(set) var translation: (fact: TextFact, window: DecodedWindow)?
    private(set) var languages: (fact: LanguageFact, probabilities: [String: Float], noSpeech: Float)?

    /// Encodes the clip once, padded to 30 s, and decodes whatever the reference has of it.
    init(_ clip: ReferenceClip, with transcriber: Transcriber) throws {
        self.clip = clip
        let window = try transcriber.mel.window(
            of: AudioFile.read(clip.audio).samples, positions: transcriber.model.dimensions.audioPositions)
        let audio = try transcriber.decoder.network.encode(window)
        func decode(
            _ fact: TextFact, _ change: (inout DecodingOptions) -> Void = { _ in }
        ) throws -> (fact: TextFact, window: DecodedWindow) {
            var options = DecodingOptions.reference(language: fact.language, timestamps: fact.timestamps)
            change(&options)
            let prompt = try Prompt(
                tokenizer: transcriber.model.tokenizer, options: options, language: fact.language)
            return (fact, try transcriber.decoder.decode(audio, seconds: 30, prompt: prompt, options: options))
        }
        greedy = try clip.greedy.map { try decode($0) }
        beams = try clip.beams.map { try decode($0) { $0.beams = 5 } }
        translation = try clip.translation.map { try decode($0) { $0.task = .translate } }
        languages = try clip.languages.map { fact in
            let probabilities = try transcriber.decoder.languages(of: audio).map { ($0.language.code, $0.probability) }
            return (
                fact, Dictionary(uniqueKeysWithValues: probabilities),
                try transcriber.decoder.noSpeechProbability(of: audio)
            )
        }
    }
}

/// Decodes every clip once for all tests of a suite.
struct ReferenceDecoding: SuiteTrait, TestScoping {
    /// What was decoded; empty outside such a suite.
    @TaskLocal static var clips: [DecodedClip] = []
    let plan: WeightPlan?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let lanes = try ReferenceLanes(plan: plan)
        let clips = try await lanes.map(ReferenceClip.all()) { try DecodedClip($0, with: $1) }
        try await Self.$clips.withValue(clips) { try await function() }
    }
}
