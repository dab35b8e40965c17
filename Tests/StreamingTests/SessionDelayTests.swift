import Recognition
import SeededRandom
import Streaming
import Testing
import WhisperText

@Suite("Caption session: whenever sound and answers come")
struct SessionDelayTests {
    /// What a recogniser was asked for a final.
    private struct Question: Equatable {
        var end: Int
        var count: Int
        var context: [Int]
    }

    /// Those about what turned out to be the whole.
    private func questions(_ outcome: Playback.Outcome) -> [Question] {
        outcome.work.filter { work in
            work.purpose == .final
                && outcome.finals.contains { $0.utterance == work.utterance && $0.range.upperBound == work.end }
        }
        .map { Question(end: $0.end, count: $0.request.samples.count, context: $0.request.context) }
    }

    @Test("finals are the same for any size of pieces and any delay of answers", arguments: 0..<8 as Range<UInt64>)
    func sameFinals(seed: UInt64) {
        let script = Script.conversation(seed, seconds: 60)
        let samples = script.sound(seconds: 60).samples
        var playback = Playback(script)
        let usual = playback.run(samples)
        #expect(usual.faults(samples: samples.count) == [])
        #expect(" " + usual.text == script.text)
        for arrival in 1...2 as ClosedRange<UInt64> {
            playback.seed = seed * 10 + arrival
            let late = playback.run(samples)
            #expect(late.faults(samples: samples.count) == [])
            #expect(late.finals == usual.finals)
            #expect(questions(late) == questions(usual))
        }
    }

    @Test(
        "what was decoded in a pause is taken back once somebody goes on, and only then",
        arguments: 1...6 as ClosedRange<UInt64>)
    func withdrawal(seed: UInt64) throws {
        let script = Script.conversation(seed, seconds: 60)
        var playback = Playback(script)
        playback.seed = seed
        let outcome = playback.run(script.sound(seconds: 60).samples)
        let ends = Set(outcome.finals.map(\.range.upperBound))
        let guesses = outcome.work.filter { $0.request.priority == .guess }
        let vain = Set(guesses.filter { !ends.contains($0.end) }.map(\.id))
        #expect(!vain.isEmpty)
        #expect(Set(outcome.withdrawn).isSubset(of: vain))
        #expect(!outcome.withdrawn.isEmpty && Set(outcome.withdrawn).count == outcome.withdrawn.count)
        #expect(outcome.work.allSatisfy { ($0.request.priority == .live) == ($0.purpose != .final) })
    }

    @Test("no live window is longer than the setting, however short that is", arguments: [2, 2.5, 6] as [Double])
    func longestWindow(seconds: Double) {
        let script = Script.line((0..<40).map { "word\($0)" })
        var playback = Playback(script)
        playback.settings.windows.longestWindow = seconds
        let live = playback.run(script.sound(seconds: 20).samples).work.compactMap { work in
            if case .live(let plan) = work.purpose { plan.range.count.asSeconds } else { nil }
        }
        #expect(live.count > 10 && live.allSatisfy { $0 <= seconds })
    }

    @Test("nobody sees a word twice where somebody speaks on and on", arguments: 1...4 as ClosedRange<UInt64>)
    func cut(seed: UInt64) {
        let script = Script.line((0..<120).map { "word\($0)" })
        let samples = script.sound(seconds: 52).samples
        var playback = Playback(script)
        playback.seed = seed
        let outcome = playback.run(samples)
        #expect(outcome.finals.count > 1 && " " + outcome.text == script.text)
        #expect(outcome.seenTwice.isEmpty)
        #expect(outcome.faults(samples: samples.count) == [])
    }

    @Test("finals do not depend on live text that went wrong, nor on its language", arguments: 0..<6 as Range<UInt64>)
    func liveTroubles(seed: UInt64) {
        let script = Script.conversation(seed, seconds: 60)
        var sound = script.sound(seconds: 60)
        sound.hum(from: 0, to: 60, amplitude: 0.03)
        var playback = Playback(script, language: nil)
        let usual = playback.run(sound.samples)
        for arrival in 1...2 as ClosedRange<UInt64> {
            var random = SplitMix64(state: arrival)
            playback.seed = arrival
            playback.recognize = { work in
                var result = script.answer(work)
                guard work.purpose != .final else { return result }
                if Int.random(in: 0..<3, using: &random) == 0 { result.compressionRatio = 5 }
                return Int.random(in: 0..<5, using: &random) == 0 ? nil : result
            }
            let late = playback.run(sound.samples)
            #expect(late.faults(samples: sound.samples.count) == [])
            #expect(late.finals == usual.finals)
            #expect(questions(late) == questions(usual))
        }
    }

    @Test(
        "without corrections nothing is lost or said twice, however late answers come",
        arguments: 0..<8 as Range<UInt64>)
    func appendOnly(seed: UInt64) {
        let script = Script.conversation(seed, seconds: 40)
        let samples = script.sound(seconds: 40).samples
        var playback = Playback(script)
        playback.settings.corrections = false
        for policy in CaptionSettings.Policy.allCases {
            playback.settings.policy = policy
            playback.seed = seed
            let outcome = playback.run(samples)
            #expect(outcome.faults(samples: samples.count, appendOnly: true) == [])
            let words = outcome.text.split(separator: " ")
            #expect(Set(words).count == words.count)
            // Under such delays live windows skip sound; most is there, and in order.
            #expect(words.count * 10 >= script.words.count * 8)
            let numbers = words.compactMap { Int($0.dropFirst(4)) }
            #expect(numbers == numbers.sorted())
        }
    }

    @Test(
        "finishes exactly once, wherever the sound stops", arguments: stride(from: 0, through: 8, by: 0.5).map(\.self))
    func stops(end: Double) {
        let script = Script(words: Script.line((1...8).map { "word\($0)" }).words + [(" hm", 6.5, 6.7)])
        let samples = Array(script.sound(seconds: 9).samples.prefix(end.asSamples))
        for corrections in [true, false] {
            for seed in [nil, 1, 2] as [UInt64?] {
                var playback = Playback(script)
                playback.settings.corrections = corrections
                playback.seed = seed
                var outcome = playback.run(samples)
                #expect(outcome.faults(samples: samples.count, appendOnly: !corrections) == [])
                #expect(outcome.session.nextWork() == nil)
            }
        }
    }

    @Test("takes sound sample by sample")
    func tinyPieces() {
        var session = CaptionSession(settings: CaptionSettings(), tokenizer: Toy.tokenizer)
        for _ in 0..<2000 { session.append([0.1]) }
        session.append([])
        session.finish()
        var told: [CaptionEvent] = []
        while let work = session.nextWork() {
            switch work {
            case .detect: session.detected(ToyDetector.heard(0.99))
            case .recognize: Issue.record("nobody spoke")
            case .withdraw: break
            case .tell(let event): told.append(event)
            }
        }
        #expect(told == [.acknowledged(2000), .finished])
    }

    @Test("an empty session finishes")
    func empty() {
        var session = CaptionSession(settings: CaptionSettings(), tokenizer: Toy.tokenizer)
        session.finish()
        session.finish()
        guard case .tell(.finished) = session.nextWork() else {
            Issue.record("not finished")
            return
        }
        #expect(session.nextWork() == nil)
    }
}
