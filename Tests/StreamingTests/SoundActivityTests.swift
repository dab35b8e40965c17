import Foundation
import SeededRandom
import Streaming
import Testing

@Suite("What can be heard of a sound")
struct SoundActivityTests {
    private func vowels(_ times: [Range<Double>], seconds: Double) -> [Float] {
        Vowels.samples(times, seconds: seconds)
    }

    private func hisses(_ times: [Range<Double>], seconds: Double) -> [Float] {
        Vowels.hiss(times, seconds: seconds)
    }

    private let syllables: [Range<Double>] = (0..<10).map { index in
        let start = 0.5 + Double(index) * 0.4
        return start..<start + 0.2
    }

    @Test("counts syllables, voiced or not")
    func peaks() {
        #expect(SoundActivity(vowels(syllables, seconds: 5)).peaks() == 10)
        #expect(abs(SoundActivity(hisses(syllables, seconds: 5)).peaks() - 10) <= 2)
        #expect(SoundActivity(vowels(syllables, seconds: 5)).peaks(in: 0..<2.4) == 5)
    }

    @Test("measures how long something is heard, in all or in a part")
    func seconds() {
        let sound = SoundActivity(vowels(syllables, seconds: 5))
        #expect(abs(sound.seconds() - 2) < 0.5)
        #expect(abs(sound.seconds(in: 0.5..<0.7) - 0.2) < 0.03)
        #expect(sound.seconds(in: 0.75..<0.85) == 0)
    }

    @Test("tells vowels from hiss")
    func voiced() {
        #expect(SoundActivity(vowels(syllables, seconds: 5)).voicedSeconds() > 1)
        #expect(SoundActivity(hisses(syllables, seconds: 5)).voicedSeconds() < 0.1)
        #expect(SoundActivity(vowels(syllables, seconds: 5)).voicedSeconds(in: 0..<0.4) == 0)
    }

    @Test("hears nothing in silence, in steady noise, nor in an offset with hum")
    func nothing() {
        var offset = Sound(seconds: 2, floor: 0)
        offset.shift(by: 0.2)
        for sound in [[Float](repeating: 0, count: 16_000), hisses([0..<3], seconds: 3), offset.samples, []] {
            let heard = SoundActivity(sound)
            #expect(heard.seconds() == 0 && heard.peaks() == 0 && heard.voicedSeconds() == 0)
        }
        offset.tone(50, amplitude: 0.1)
        // The tone begins abruptly.
        #expect(SoundActivity(offset.samples).seconds(in: 0.2..<2) == 0)
    }

    @Test("hears a voice over an offset and hum that is as loud")
    func overHum() {
        var hum = Sound(seconds: 5, floor: 0)
        hum.shift(by: 0.2)
        hum.tone(60, amplitude: 0.2)
        let sound = zip(vowels(syllables, seconds: 5), hum.samples).map { $0 + $1 }
        #expect(SoundActivity(sound).peaks() == 10)
        #expect(SoundActivity(sound).voicedSeconds() > 1)
    }

    @Test("takes ranges beyond the sound for what is there of them")
    func beyond() {
        let sound = SoundActivity(vowels([0.2..<0.5], seconds: 1))
        #expect(sound.seconds(in: -3..<9) == sound.seconds())
        #expect(sound.seconds(in: 2..<3) == 0 && sound.peaks(in: 2..<3) == 0)
    }
}

/// Sounds at times in seconds, with noise of -66 dB everywhere.
enum Vowels {
    /// Vowels of 150 Hz with their harmonics up to 3 kHz.
    static func samples(_ times: [Range<Double>], seconds: Double) -> [Float] {
        let pitch = 2 * Double.pi * 150
        return sound(times, seconds: seconds) { time in
            var sum = 0.0
            for harmonic in 1...20 { sum += sin(pitch * Double(harmonic) * time) / Double(harmonic) }
            return 0.2 * sum
        }
    }

    /// Hiss, as of an s or of a tap.
    static func hiss(_ times: [Range<Double>], seconds: Double) -> [Float] {
        var random = SplitMix64(state: 3)
        return sound(times, seconds: seconds) { _ in Double.random(in: -0.3...0.3, using: &random) }
    }

    private static func sound(_ times: [Range<Double>], seconds: Double, wave: (Double) -> Double) -> [Float] {
        var random = SplitMix64(state: 5)
        return (0..<seconds.asSamples).map { index in
            let time = index.asSeconds
            let noise = Double.random(in: -0.0008...0.0008, using: &random)
            return Float(noise + (times.contains { $0.contains(time) } ? wave(time) : 0))
        }
    }
}
