import Streaming
import Testing

@Suite("Speech gate in noise")
struct SpeechGateNoiseTests {
    /// Two sentences, at 2 to 5 s and at 8 to 11 s.
    private func twoSentences(floor: Float = 0.0003) -> Sound {
        var sound = Sound(seconds: 14, floor: floor)
        sound.speak(from: 2, to: 5, amplitude: 0.1)
        sound.speak(from: 8, to: 11, amplitude: 0.1)
        return sound
    }

    /// Whatever is loud is speech to this detector: the gate has to see for itself.
    private func utterances(_ sound: Sound, seed: UInt64? = nil) -> [Range<Double>] {
        GateRun(sound.samples, seed: seed) { _ in true }.utterances.map {
            $0.lowerBound.asSeconds..<$0.upperBound.asSeconds
        }
    }

    private func expectTwo(_ found: [Range<Double>], slack: Double = 0.35) {
        #expect(found.count == 2)
        for (range, wanted) in zip(found, [2.0..<5.0, 8.0..<11.0]) {
            #expect(abs(range.lowerBound - wanted.lowerBound) < slack + 0.05, "\(range)")
            #expect(abs(range.upperBound - wanted.upperBound) < slack, "\(range)")
        }
    }

    @Test("finds the same utterances with an offset", arguments: [0.02, 0.1, -0.5, 0.8] as [Float])
    func offset(offset: Float) {
        var sound = twoSentences()
        sound.shift(by: offset)
        expectTwo(utterances(sound))
    }

    @Test("finds the same utterances over mains and rumble twice as loud as the voice", arguments: [17.0, 50, 60])
    func hum(frequency: Double) {
        var sound = twoSentences()
        sound.tone(frequency, amplitude: 0.2)
        sound.tone(frequency * 2, amplitude: 0.05)
        expectTwo(utterances(sound))
    }

    @Test("ends an utterance in which a fan is switched on little later", arguments: [0.004, 0.01, 0.03] as [Float])
    func fanOn(amplitude: Float) {
        var sound = twoSentences()
        sound.fan(from: 3.5, to: 14, amplitude: amplitude)
        expectTwo(utterances(sound))
    }

    @Test("hears the next sentence when the fan is off, though it is quiet")
    func fanOff() {
        var sound = Sound(seconds: 14)
        sound.fan(from: 0, to: 7.5, amplitude: 0.03)
        sound.speak(from: 2, to: 5, amplitude: 0.2)
        sound.speak(from: 8, to: 11, amplitude: 0.01)
        expectTwo(utterances(sound).filter { $0.lowerBound > 1.2 })
    }

    @Test("hears room noise come back after a muted microphone for a second at most")
    func unmuted() {
        var sound = Sound(seconds: 14, floor: 0)
        sound.fan(from: 4, to: 14, amplitude: 0.01)
        let found = utterances(sound)
        #expect(found.allSatisfy { $0.upperBound < 5.3 })
    }

    @Test("finds the same whatever pieces the sound comes in", arguments: 1...10 as ClosedRange<UInt64>)
    func pieces(seed: UInt64) {
        var sound = twoSentences()
        sound.shift(by: 0.2)
        sound.tone(50, amplitude: 0.1)
        sound.fan(from: 3.5, to: 9, amplitude: 0.02)
        #expect(utterances(sound, seed: seed) == utterances(sound))
    }
}
