import Recognition
import Streaming
import Testing

@Suite("Speech gate")
struct SpeechGateTests {
    @Test("keeps 0.3 s before the first loud frame, so that first syllables survive")
    func preRoll() throws {
        var sound = Sound(seconds: 6)
        sound.speak(from: 2, to: 3.5)
        let utterance = try #require(GateRun(sound.samples).utterances.first)
        #expect(utterance.lowerBound <= 1.7.asSamples && utterance.lowerBound >= 1.6.asSamples)
    }

    @Test(
        "ends an utterance 0.2 s after its last loud frame, once it was silent for long enough",
        arguments: [0.3, 0.6, 1.5])
    func end(silence: Double) throws {
        var sound = Sound(seconds: 8)
        sound.burst(from: 2, to: 3.5)
        sound.burst(from: 3.5 + silence - 0.1, to: 5)
        var settings = SpeechGate.Settings()
        settings.silence = silence
        let run = GateRun(sound.samples, settings: settings)
        #expect(run.utterances.count == 1)
        #expect(abs(try #require(run.utterances.first).upperBound.asSeconds - 5.2) < 0.05)
        settings.silence = silence - 0.2
        #expect(GateRun(sound.samples, settings: settings).utterances.count == 2)
    }

    @Test("hears a short word alone", arguments: [0.12, 0.2, 0.35])
    func shortWord(length: Double) throws {
        var sound = Sound(seconds: 6)
        sound.burst(from: 2, to: 2 + length)
        let utterance = try #require(GateRun(sound.samples).utterances.first)
        #expect(utterance.lowerBound <= 1.75.asSamples && utterance.upperBound >= (2.1 + length).asSamples)
    }

    @Test("finds no utterance in a click, nor asks the detector about it")
    func click() {
        var sound = Sound(seconds: 6)
        sound.burst(from: 2, to: 2.015, amplitude: 0.9)
        let run = GateRun(sound.samples)
        #expect(run.utterances.isEmpty && run.questions == 0)
    }

    @Test("finds no utterance in a noise that the detector refuses, short or lasting", arguments: [0.5, 3, 20])
    func noise(length: Double) {
        var sound = Sound(seconds: length + 4)
        sound.hum(from: 2, to: 2 + length)
        let run = GateRun(sound.samples)
        #expect(run.starts.isEmpty && run.utterances.isEmpty && run.questions > 0)
    }

    @Test("finds speech that begins in a noise, with about 3 s of the noise before it")
    func noiseThenSpeech() throws {
        var sound = Sound(seconds: 14)
        sound.hum(from: 1, to: 7, amplitude: 0.05)
        sound.speak(from: 7, to: 10)
        let utterance = try #require(GateRun(sound.samples).utterances.first)
        #expect(utterance.lowerBound <= 6.8.asSamples && utterance.lowerBound >= 3.4.asSamples)
        #expect(utterance.upperBound >= 10.asSamples)
    }

    @Test("ends an utterance when only music goes on")
    func musicAfterSpeech() throws {
        var sound = Sound(seconds: 20)
        sound.speak(from: 1, to: 4)
        sound.hum(from: 1, to: 20, amplitude: 0.05, rising: 1)
        let utterance = try #require(GateRun(sound.samples).utterances.first)
        // The detector is asked every two seconds, and believed the third time.
        #expect(utterance.upperBound >= 4.asSamples && utterance.upperBound <= 12.asSamples)
    }

    @Test("cuts speech over music at 25 s at the latest, and loses none of it")
    func musicUnderSpeech() {
        var sound = Sound(seconds: 70)
        sound.hum(from: 1, to: 65, amplitude: 0.05)
        sound.speak(from: 1, to: 65)
        let utterances = GateRun(sound.samples).utterances
        #expect(utterances.count >= 3)
        #expect(utterances.allSatisfy { $0.count <= 25.asSamples })
        #expect(zip(utterances, utterances.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(utterances.first?.lowerBound ?? .max <= 1.asSamples)
        #expect(utterances.last?.upperBound ?? 0 >= 64.9.asSamples)
    }

    @Test("cuts a long utterance in its longest pause", arguments: [11.0, 15, 20, 24.3])
    func bestPause(pause: Double) throws {
        var sound = Sound(seconds: 40)
        sound.speak(from: 1, to: 1 + pause)
        sound.speak(from: 1.5 + pause, to: 35)
        let run = GateRun(sound.samples)
        let cut = try #require(run.utterances.first).upperBound.asSeconds
        #expect(cut >= pause + 0.9 && cut <= pause + 1.5)
        #expect(run.utterances.count == 2)
    }

    @Test("cuts speech without any pause at its quietest place, even if the quietest of all was too early")
    func quietestPlace() throws {
        var sound = Sound(seconds: 40)
        sound.hum(from: 1, to: 38, amplitude: 0.1)
        sound.speak(from: 1, to: 38, amplitude: 0.2)
        var quiet = sound.samples
        // A dip at 3 s, and a lesser one at 17 s; both stay loud.
        for index in 3.asSamples..<3.asSamples + 640 { quiet[index] *= 0.3 }
        for index in 17.asSamples..<17.asSamples + 640 { quiet[index] *= 0.5 }
        var settings = SpeechGate.Settings()
        settings.silence = 30
        let cut = try #require(GateRun(quiet, settings: settings).utterances.first).upperBound.asSeconds
        #expect(cut < 24)
    }

    @Test("cuts while a pause is going on that may or may not end the speech", arguments: 0..<40)
    func cutInOpenPause(step: Int) {
        // The longest utterance is reached within the pause, at any place of it.
        let pause = 24.0 + Double(step) * 0.03
        for goesOn in [false, true] {
            var sound = Sound(seconds: 32)
            sound.burst(from: 1, to: 8)
            sound.speak(from: 8, to: pause)
            if goesOn { sound.speak(from: pause + 0.55, to: 30) }
            let run = GateRun(sound.samples)
            #expect(run.starts.count == run.utterances.count)
            #expect(run.utterances.allSatisfy { !$0.isEmpty && $0.count <= 25.asSamples })
            #expect(run.utterances.last?.upperBound ?? 0 >= (goesOn ? 29.8 : pause - 0.1).asSamples)
        }
    }

    @Test("goes on after a cut even if the detector is unsure right there")
    func doubtAtCut() {
        var sound = Sound(seconds: 60)
        sound.speak(from: 1, to: 55)
        var asked = 0
        let run = GateRun(sound.samples) { window in
            asked += 1
            // One answer in five is wrong.
            return asked % 5 != 3 && ToyDetector.detect(window).isSpeech
        }
        #expect(zip(run.utterances, run.utterances.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }

    @Test("ends two utterances where somebody fell silent in between, without overlap")
    func twoUtterances() throws {
        var sound = Sound(seconds: 10)
        sound.speak(from: 1, to: 3)
        sound.speak(from: 3.8, to: 6)
        let run = GateRun(sound.samples)
        try #require(run.utterances.count == 2)
        #expect(run.utterances[0].upperBound <= run.utterances[1].lowerBound)
        #expect(run.starts == run.utterances.map(\.lowerBound))
    }

    @Test(
        "an utterance never reaches beyond the sound, with any setting of silence", arguments: [0.02, 0.1, 0.3, 4, 6])
    func oddSilence(silence: Double) {
        var settings = SpeechGate.Settings()
        settings.silence = silence
        var sound = Sound(seconds: 15)
        sound.hum(from: 0.5, to: 3)
        sound.burst(from: 3, to: 3.3)
        sound.speak(from: 8, to: 10)
        let run = GateRun(sound.samples, settings: settings)
        #expect(run.utterances.allSatisfy { !$0.isEmpty && $0.upperBound <= sound.samples.count })
        #expect(zip(run.utterances, run.utterances.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
    }
}
