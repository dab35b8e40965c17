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

    @Test("takes an empty frame for silence")
    func empty() {
        var gate = LoudnessGate()
        #expect(gate.hear([]).isActive == false)
    }
}
