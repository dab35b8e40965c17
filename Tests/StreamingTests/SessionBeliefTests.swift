import Recognition
import Streaming
import Testing
import WhisperText

@Suite("What a session believes")
struct SessionBeliefTests {
    private let prompt = "Welcome to the stream"

    /// Sound in which something is said at 1 to 3 s.
    private var sound: [Float] {
        var sound = Sound(seconds: 6)
        sound.burst(from: 1, to: 3)
        return sound.samples
    }

    /// A recogniser that writes one text with the prompt, and another one without.
    private func playback(
        with told: String, without: String, noSpeech: Float = 0.1, probability: Float = -0.3
    ) -> Playback {
        var playback = Playback()
        playback.settings.prompt = prompt
        playback.detect = { _ in ToyDetector.heard(noSpeech) }
        playback.recognize = { work in
            Self.result(of: work, text: work.request.options.prompt == nil ? without : told, probability: probability)
        }
        return playback
    }

    /// The text with its words evenly over the utterance; nothing where it stands in the prefix.
    private static func result(of work: RecognitionWork, text: String, probability: Float = -0.3) -> RecognitionResult {
        let words = text.split(separator: " ").map { " \($0)" }
        let seconds = work.request.samples.count.asSeconds
        guard work.request.options.wordTimestamps else {
            let rest = words.dropFirst(Toy.text(work.request.prefix).split(separator: " ").count)
            return .heard(
                rest.enumerated().map { ($1, 0.4 + 0.3 * Double($0)) }, isComplete: true, probability: probability)
        }
        var result = RecognitionResult.timed(
            words.enumerated().map { ($1, 0.3 + 0.3 * Double($0), min(seconds, 0.55 + 0.3 * Double($0))) })
        result.averageLogProbability = probability
        return result
    }

    @Test("the prompt is no final if nothing is written without it")
    func promptAlone() {
        let outcome = playback(with: prompt, without: "").run(sound)
        #expect(outcome.text.isEmpty)
        #expect(outcome.faults(samples: sound.count) == [])
        let finals = outcome.work.filter { if case .final = $0.purpose { true } else { false } }
        #expect(finals.last?.request.options.prompt == nil && finals.first?.request.options.prompt == prompt)
    }

    @Test("where something else is written without the prompt, that is the final")
    func somethingElse() {
        #expect(playback(with: prompt, without: "Good morning all").run(sound).text == "Good morning all")
    }

    @Test("words of the prompt that are really said are kept, in the prompt's spelling")
    func reallySaid() {
        let outcome = playback(with: "Welcome to the stream", without: "Welcome to the steam").run(sound)
        #expect(outcome.text == "Welcome to the stream")
        #expect(outcome.partials(0).last?.stable.hasPrefix("Welcome") == true)
    }

    @Test("text with a few words of the prompt is not decoded again")
    func fewWords() {
        let outcome = playback(with: "Today Ellie and I welcome two new guests", without: "").run(sound)
        #expect(outcome.text == "Today Ellie and I welcome two new guests")
        #expect(outcome.work.allSatisfy { $0.request.options.prompt != nil })
    }

    @Test("the prompt is not shown live where the detector is not sure, and windows after that go without it")
    func live() {
        let outcome = playback(with: prompt, without: "", noSpeech: 0.6).run(sound)
        #expect(outcome.told.allSatisfy { if case .partial = $0 { false } else { true } })
        #expect(outcome.told.contains(.dropped(.given, shown: nil)))
        let live = outcome.work.filter { if case .live = $0.purpose { true } else { false } }
        #expect(live.first?.request.options.prompt == prompt && live.last?.request.options.prompt == nil)
    }

    @Test("hotwords alone are no final either")
    func hotwords() {
        var playback = playback(with: "", without: "")
        playback.settings.prompt = nil
        playback.settings.hotwords = ["Haruka", "Minecraft"]
        playback.recognize = { work in
            Self.result(of: work, text: work.request.options.hotwords == nil ? "" : "Haruka Minecraft")
        }
        #expect(playback.run(sound).text.isEmpty)
        playback.recognize = { work in Self.result(of: work, text: "Haruka Minecraft") }
        #expect(playback.run(sound).text == "Haruka Minecraft")
    }

    @Test("texts are drawn at higher temperatures only where the detector is sure", arguments: [0.1, 0.6] as [Float])
    func temperatures(noSpeech: Float) {
        let outcome = playback(with: "Good day", without: "Good day", noSpeech: noSpeech).run(sound)
        let finals = outcome.work.filter { if case .final = $0.purpose { true } else { false } }
        #expect(!finals.isEmpty)
        #expect(finals.allSatisfy { $0.request.options.temperatures == (noSpeech < 0.4 ? [0, 0.2, 0.4] : [0]) })
    }

    @Test("a loop that the sound has no room for is decoded once more against loops, and then given up")
    func loop() {
        let loop = Array(repeating: "so", count: 30).joined(separator: " ")
        let outcome = playback(with: loop, without: loop).run(sound)
        #expect(outcome.text.isEmpty && outcome.told.contains(.dropped(.repetition, shown: nil)))
        let last = outcome.work.last?.request.options
        #expect(
            last?.temperatures == [0.2, 0.4] && last?.repeatableSeconds == 0 && last?.compressionRatioThreshold == 2.4)
    }

    @Test("words without time at the end are dropped where somebody speaks, and what was said before them is kept")
    func crowd() {
        var playback = playback(with: "", without: "")
        playback.recognize = { work in
            guard work.request.options.wordTimestamps else { return .heard([], isComplete: true, probability: -0.3) }
            let said = ["It", "was", "the", "best"].enumerated().map {
                (" \($1)", 0.3 * Double($0), 0.3 * Double($0) + 0.3)
            }
            let end = work.request.samples.count.asSeconds
            return .timed(said + ["of", "the", "best", "times"].map { (" \($0)", end, end) })
        }
        #expect(playback.run(sound).text == "It was the best")
        // A noise may make up all of it.
        playback.detect = { _ in ToyDetector.heard(0.55) }
        #expect(playback.run(sound).text.isEmpty)
    }

    @Test("thanks behind the last sentence are dropped where no voice says them, live and in the final")
    func thanks() {
        let outcome = playback(with: "That is it. Thank you.", without: "").run(sound)
        #expect(outcome.text == "That is it.")
        #expect(outcome.partials(0).allSatisfy { !($0.stable + $0.tentative).contains("Thank") })
        #expect(outcome.finals.first?.words.map(\.text).joined() == " That is it.")
    }

    @Test("thanks that a voice says are kept")
    func realThanks() {
        let samples = Vowels.samples([1..<1.2, 1.3..<1.5, 1.6..<1.8, 1.9..<2.1, 2.2..<2.4, 2.5..<2.8], seconds: 6)
        let outcome = playback(with: "That is it. Thank you.", without: "").run(samples)
        #expect(outcome.text == "That is it. Thank you.")
    }

    @Test("finals are the same however sound and answers come", arguments: 1...12 as ClosedRange<UInt64>)
    func anyPace(seed: UInt64) {
        var sound = Sound(seconds: 20)
        for start in stride(from: 1.0, to: 17, by: 4) { sound.burst(from: start, to: start + 2.5) }
        // Sure of some windows only.
        var playback = playback(with: prompt, without: "Welcome to the steam")
        playback.detect = { samples in
            ToyDetector.heard(samples.count < 20_000 ? 0.6 : ToyDetector.detect(samples).noSpeechProbability)
        }
        let calm = playback.run(sound.samples)
        playback.seed = seed
        let hurried = playback.run(sound.samples)
        #expect(hurried.finals == calm.finals && !calm.finals.isEmpty)
        #expect(hurried.faults(samples: sound.samples.count) == [])
    }
}
