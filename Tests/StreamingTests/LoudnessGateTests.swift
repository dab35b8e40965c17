import Streaming
import Testing

@Suite("Loudness gate")
struct LoudnessGateTests {
    /// Which frames of a sound pass.
    private func passes(_ sound: Sound) -> [Bool] {
        var gate = LoudnessGate()
        return stride(from: 0, to: sound.samples.count - 319, by: 320).map {
            gate.hear(sound.samples[$0..<$0 + 320]).isActive
        }
    }

    private func share(_ frames: some Collection<Bool>) -> Double {
        Double(frames.count { $0 }) / Double(max(1, frames.count))
    }

    @Test("lets nothing of silence pass, digital or not", arguments: [0, 0.00001, 0.0003] as [Float])
    func silence(floor: Float) {
        #expect(!passes(Sound(seconds: 20, floor: floor)).contains(true))
    }

    @Test("gets used to a hum within ten seconds, and stays so")
    func hum() {
        var sound = Sound(seconds: 40)
        sound.hum(from: 0, to: 40, amplitude: 0.03)
        #expect(!passes(sound)[500...].contains(true))
    }

    @Test("gets used to a noise that rises by half a decibel in a second")
    func risingNoise() {
        var sound = Sound(seconds: 60)
        sound.hum(from: 0, to: 60, amplitude: 0.002, rising: 0.5)
        #expect(!passes(sound)[600...].contains(true))
    }

    @Test("hears a quiet speaker in a quiet room", arguments: [0.003, 0.006] as [Float])
    func quietSpeaker(amplitude: Float) {
        var sound = Sound(seconds: 20, floor: 0.0001)
        sound.speak(from: 10, to: 15, amplitude: amplitude)
        let frames = passes(sound)
        #expect(share(frames[500..<750]) > 0.6)
        #expect(!frames[..<500].contains(true) && !frames[750...].contains(true))
    }

    @Test("hears a quiet speaker after a loud one")
    func afterLoud() {
        var sound = Sound(seconds: 30)
        sound.speak(from: 2, to: 12, amplitude: 0.7)
        sound.speak(from: 15, to: 20, amplitude: 0.01)
        #expect(share(passes(sound)[750..<1000]) > 0.6)
    }

    @Test("hears who speaks from the first sample on")
    func loudStart() {
        var sound = Sound(seconds: 5)
        sound.speak(from: 0, to: 5, amplitude: 0.5)
        let frames = passes(sound)
        #expect(frames[0] && share(frames) > 0.7)
    }

    @Test("hears speech over a hum that it is used to")
    func overHum() {
        var sound = Sound(seconds: 30)
        sound.hum(from: 0, to: 30, amplitude: 0.02)
        sound.speak(from: 15, to: 20, amplitude: 0.1)
        let frames = passes(sound)
        #expect(share(frames[750..<1000]) > 0.6)
        #expect(!frames[1000...].contains(true))
    }

    @Test("does not take a click for the background")
    func click() {
        var sound = Sound(seconds: 10)
        sound.burst(from: 5, to: 5.01, amplitude: 0.9)
        let frames = passes(sound)
        #expect(frames.count { $0 } == 1)
        var gate = LoudnessGate()
        for start in stride(from: 0, to: sound.samples.count - 319, by: 320) {
            _ = gate.hear(sound.samples[start..<start + 320])
        }
        #expect(gate.background < -65)
    }

    @Test("hears no offset, however large, nor one that drifts", arguments: [0.05, -0.4, 0.9] as [Float])
    func offset(offset: Float) {
        var still = Sound(seconds: 20)
        still.shift(by: offset)
        #expect(!passes(still).contains(true))
        var drifting = Sound(seconds: 20)
        drifting.tone(0.2, amplitude: offset)
        #expect(!passes(drifting).contains(true))
    }

    @Test("hears a speaker over an offset and the hum of the mains, and falls silent with him", arguments: [50.0, 60])
    func overOffsetAndMains(frequency: Double) {
        var sound = Sound(seconds: 20)
        sound.shift(by: 0.3)
        sound.tone(frequency, amplitude: 0.2)
        sound.tone(2 * frequency, amplitude: 0.1)
        sound.speak(from: 5, to: 10, amplitude: 0.05)
        let frames = passes(sound)
        #expect(share(frames[260..<500]) > 0.6)
        #expect(!frames[100..<250].contains(true) && !frames[510...].contains(true))
    }

    @Test("gets used to a fan within little more than a second", arguments: [0.003, 0.02, 0.1] as [Float])
    func fan(amplitude: Float) {
        var sound = Sound(seconds: 20)
        sound.fan(from: 5, to: 20, amplitude: amplitude)
        #expect(!passes(sound)[320...].contains(true))
    }

    @Test("says which frames were a fan all the time")
    func steadyFrames() {
        var sound = Sound(seconds: 10)
        sound.fan(from: 5, to: 10, amplitude: 0.02)
        var gate = LoudnessGate()
        let found = stride(from: 0, to: sound.samples.count - 319, by: 320).map {
            gate.hear(sound.samples[$0..<$0 + 320]).steadyFrames
        }
        #expect(found.first { $0 > 0 } == 50)
        #expect(found[..<290].allSatisfy { $0 == 0 } && found[..<320].contains(50))
    }

    @Test("never takes a voice for a fan", arguments: [0.01, 0.3] as [Float])
    func voiceIsNoFan(amplitude: Float) {
        var sound = Sound(seconds: 30)
        sound.speak(from: 2, to: 15, amplitude: amplitude)
        sound.burst(from: 17, to: 24, amplitude: amplitude)
        let frames = passes(sound)
        #expect(share(frames[110..<740]) > 0.6 && share(frames[860..<1190]) > 0.95)
    }

    @Test("hears a quiet speaker at once when the fan is off")
    func fanOff() {
        var sound = Sound(seconds: 20)
        sound.fan(from: 0, to: 10, amplitude: 0.05)
        sound.speak(from: 10.5, to: 15, amplitude: 0.006)
        #expect(share(passes(sound)[530..<740]) > 0.6)
    }

    @Test("hears a speaker over a fan that has just been switched on")
    func overFan() {
        var sound = Sound(seconds: 20)
        sound.fan(from: 5, to: 20, amplitude: 0.02)
        sound.speak(from: 7, to: 12, amplitude: 0.1)
        let frames = passes(sound)
        #expect(share(frames[355..<600]) > 0.6 && !frames[630...].contains(true))
    }

    @Test("gets used to an automatic gain that turns the noise up in a pause")
    func gain() {
        var sound = Sound(seconds: 20, floor: 0)
        for step in 0..<100 {
            sound.fan(
                from: 5 + Double(step) * 0.02, to: 5.02 + Double(step) * 0.02, amplitude: 0.001 * (1 + Float(step) / 10)
            )
        }
        sound.fan(from: 0, to: 5, amplitude: 0.001)
        sound.fan(from: 7, to: 20, amplitude: 0.011)
        #expect(!passes(sound)[430...].contains(true))
    }

    @Test("takes an empty frame for silence")
    func empty() {
        var gate = LoudnessGate()
        #expect(gate.hear([]).isActive == false)
    }
}
