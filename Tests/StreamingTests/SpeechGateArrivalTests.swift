import SeededRandom
import Streaming
import Testing

@Suite("Speech gate: whenever sound and answers come")
struct SpeechGateArrivalTests {
    /// A minute of voices, words, hums and clicks at random places.
    private func scene(_ seed: UInt64) -> Sound {
        var random = SplitMix64(state: seed)
        var sound = Sound(seconds: 60)
        var time = Double.random(in: 0...2, using: &random)
        while time < 58 {
            let length = Double.random(in: 0.1...6, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: sound.hum(from: time, to: time + length, amplitude: 0.05)
            case 1: sound.burst(from: time, to: time + 0.01, amplitude: 0.8)
            case 2: sound.burst(from: time, to: time + 0.2)
            case 3: sound.speak(from: time, to: time + 4 * length)
            default: sound.speak(from: time, to: time + length)
            }
            time += length + Double.random(in: 0...2, using: &random)
        }
        return sound
    }

    @Test("finds the same whether sound and answers come at once or bit by bit", arguments: 0..<8 as Range<UInt64>)
    func arrival(seed: UInt64) {
        let sound = scene(seed).samples
        let whole = GateRun(sound)
        #expect(!whole.events.isEmpty)
        for arrival in 1...2 as ClosedRange<UInt64> {
            let pieces = GateRun(sound, seed: seed * 100 + arrival)
            #expect(pieces.events == whole.events)
            #expect(pieces.heard == whole.heard)
        }
    }

    @Test("gives the detector 2 s wherever there are 2 s", arguments: 0..<6 as Range<UInt64>)
    func detectorWindow(seed: UInt64) {
        let run = GateRun(scene(seed).samples, seed: seed)
        for (event, heard) in zip(run.events.filter { if case .detect = $0 { true } else { false } }, run.heard) {
            guard case .detect(let range) = event else { continue }
            #expect(heard == range.count)
            #expect(heard == 32_000 || range.lowerBound == 0)
        }
    }

    @Test("utterances are in order, never overlap, and hold all speech", arguments: 0..<12 as Range<UInt64>)
    func ranges(seed: UInt64) {
        var sound = Sound(seconds: 90)
        var random = SplitMix64(state: seed)
        var spoken: [Range<Double>] = []
        var time = 0.5
        while time < 80 {
            let length = Double.random(in: 0.4...30, using: &random)
            let end = min(88, time + length)
            sound.speak(from: time, to: end)
            spoken.append(time..<end)
            time = end + Double.random(in: 0.3...3, using: &random)
        }
        let run = GateRun(sound.samples, seed: seed)
        #expect(zip(run.utterances, run.utterances.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
        #expect(run.starts == run.utterances.map(\.lowerBound))
        for stretch in spoken {
            // The last syllable may be but the beginning of one.
            for place in stride(from: stretch.lowerBound + 0.02, to: stretch.upperBound - 0.1, by: 0.4) {
                #expect(run.utterances.contains { $0.contains(place.asSamples) }, "\(place) of \(stretch)")
            }
        }
    }

    @Test(
        "says until where it was quiet, never backwards and never over an utterance", arguments: 0..<8 as Range<UInt64>)
    func quiet(seed: UInt64) {
        var quiet = 0
        for event in GateRun(scene(seed).samples, seed: seed).events {
            switch event {
            case .quiet(let until):
                #expect(until >= quiet)
                quiet = until
            case .started(let start): #expect(start >= quiet)
            default: break
            }
        }
    }

    @Test("ends within a sound, wherever it stops", arguments: stride(from: 0.5, through: 8, by: 0.25).map(\.self))
    func finish(end: Double) {
        var sound = Sound(seconds: 8)
        sound.speak(from: 1, to: 3)
        sound.hum(from: 4, to: 5)
        sound.burst(from: 6, to: 6.25)
        let run = GateRun(Array(sound.samples.prefix(end.asSamples)), seed: 7)
        #expect(run.starts.count == run.utterances.count)
        #expect(run.utterances.allSatisfy { $0.upperBound <= end.asSamples })
        #expect(run.utterances.isEmpty == (end < 1.25))
    }

    @Test("asks nothing and finds nothing when there was no sound at all")
    func nothing() {
        #expect(GateRun([]).events.isEmpty)
        #expect(GateRun([0.5]).events.isEmpty)
    }

    @Test("ignores an answer to nothing")
    func strayAnswer() {
        var gate = SpeechGate()
        #expect(gate.answer(true) == nil)
        #expect(!gate.isSpeaking && !gate.isUndecided)
    }

    @Test("looks at nothing new until it is answered")
    func waits() {
        var sound = Sound(seconds: 5)
        sound.speak(from: 1, to: 4)
        var timeline = AudioTimeline()
        timeline.append(sound.samples)
        var gate = SpeechGate()
        guard case .detect = gate.next(in: timeline) else {
            Issue.record("no question")
            return
        }
        let position = gate.position
        #expect(gate.next(in: timeline) == nil && gate.finish(at: timeline.end) == nil)
        #expect(gate.position == position && gate.isUndecided && !gate.isSpeaking)
        guard case .started = gate.answer(true) else {
            Issue.record("not started")
            return
        }
        #expect(gate.isSpeaking)
    }
}
