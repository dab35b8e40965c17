import Recognition
import SeededRandom
import Streaming
import Testing
import WhisperText

@Suite("Text that is asked for before a silence")
struct FlushTests {
    private let line = Script.line(["one", "two", "three", "four", "five", "six", "seven", "eight"])

    @Test("the last words come without a silence, and the session goes on")
    func lastWords() throws {
        let script = Script(words: line.words + [(" nine", 7, 7.3), (" ten", 7.4, 7.7)])
        // The sound ends with the word, as with a button that is let go.
        let (end, rest) = ((4.15).asSamples, script.sound(seconds: 9).samples)
        var playback = Playback(script)
        playback.flushes = [end]
        let outcome = playback.run(rest)
        #expect(outcome.faults(samples: rest.count) == [])
        #expect(outcome.finals.map(\.text) == ["one two three four five six seven eight", "nine ten"])
        let told = try #require(outcome.told.firstIndex(of: .flushed(at: end)))
        #expect(outcome.told[..<told].contains { if case .final = $0 { true } else { false } })
        #expect(outcome.told[..<told].contains(.acknowledged(end)))
        // Not when the silence would have ended it.
        #expect(outcome.times[told] < 4.15 + 0.5)
        // What comes later has its own place in the sound.
        #expect(abs((outcome.finals.last?.words.first?.start ?? 0) - 7) < 0.01)
    }

    @Test("in silence, before any sound and twice in a row it only answers")
    func nothingOpen() {
        let samples = line.sound(seconds: 9).samples
        var playback = Playback(line)
        let whole = playback.run(samples)
        playback.flushes = [0, 6400, 6400, (8.0).asSamples, (9.0).asSamples]
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals == whole.finals)
        let places = outcome.told.compactMap { if case .flushed(let at) = $0 { at } else { nil } }
        #expect(places == playback.flushes)
    }

    @Test("wherever it comes, no word is lost and none comes twice", arguments: 0..<60)
    func anywhere(step: Int) {
        // Every frame of 20 ms from before the first word to the fifth, in steps of one frame and a half.
        let place = 14_000 + step * 480
        let samples = line.sound(seconds: 8).samples
        for seed in [nil, UInt64(step)] {
            // The detector is asked about a part of a word: Korean leaves it more room for doubt.
            var playback = Playback(line, language: "ko")
            playback.seed = seed
            playback.flushes = [place]
            let outcome = playback.run(samples)
            #expect(outcome.faults(samples: samples.count) == [])
            #expect(outcome.text == "one two three four five six seven eight", "at \(place)")
        }
    }

    @Test("the same places give the same transcript, whatever the pace", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func samePlaces(seed: UInt64) {
        let script = Script.conversation(seed, seconds: 60)
        let samples = script.sound(seconds: 60).samples
        var random = SplitMix64(state: seed)
        let places = (0..<12).map { _ in Int.random(in: 0...samples.count, using: &random) }.sorted()
        var finals: [[FinalCaption]] = []
        for pace in [nil, seed &+ 10, seed &+ 20] as [UInt64?] {
            var playback = Playback(script)
            playback.seed = pace
            playback.flushes = places
            let outcome = playback.run(samples)
            #expect(outcome.faults(samples: samples.count) == [])
            finals.append(outcome.finals)
        }
        #expect(finals[0] == finals[1] && finals[0] == finals[2])
    }

    @Test("text that may not be corrected is told in full too", arguments: CaptionSettings.Policy.allCases)
    func appendOnly(policy: CaptionSettings.Policy) {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.settings.corrections = false
        playback.settings.policy = policy
        playback.flushes = [(2.55).asSamples]
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count, appendOnly: true) == [])
        #expect(outcome.text == "one two three four five six seven eight")
    }
}
